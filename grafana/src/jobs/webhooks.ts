import type { Section } from '../build/layout.ts';
import { counted, quantile, rate, shareWithin, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

const DELIVERIES = 'innkeeper_webhook_delivery_duration_seconds';
const failingAttempts = shareWithin('10m', `${DELIVERIES}_count`, 'outcome="failed"');

/** Whether deliveries go out, and arrive. */
export const webhooks: Section = {
  title: 'Webhooks',
  lines: [
    [
      series({
        title: 'Attempts',
        description: 'Attempts to deliver a second, by how they ended.',
        unit: 'ops',
        stacked: true,
        queries: [[sum(rate(`${DELIVERIES}_count`), 'outcome'), '{{outcome}}']],
      }),
      series({
        title: 'Failing attempts',
        description: 'Share of the attempts of ten minutes that failed.',
        unit: 'percentunit',
        max: 1,
        alerts: ['webhooksFailing'],
        queries: [[failingAttempts, 'error']],
      }),
    ],
    [
      series({
        title: 'Time of attempts',
        description: 'How long receivers took to answer.',
        unit: 's',
        queries: [
          [quantile(0.5, DELIVERIES), 'p50'],
          [quantile(0.95, DELIVERIES), 'p95'],
          [quantile(0.99, DELIVERIES), 'p99'],
        ],
      }),
      series({
        title: 'Oldest delivery',
        description: 'For how long the oldest delivery could have been sent.',
        unit: 's',
        alerts: ['webhooksLate'],
        queries: [[counted('innkeeper_webhook_due_oldest_seconds'), 'oldest']],
      }),
      series({
        title: 'Due and failing',
        description: 'Deliveries that could be sent now, and endpoints that nothing reaches.',
        unit: 'none',
        queries: [
          [counted('innkeeper_webhook_deliveries_due'), 'deliveries due'],
          [counted('innkeeper_webhook_endpoints_failing'), 'endpoints failing'],
        ],
      }),
    ],
  ],
};
