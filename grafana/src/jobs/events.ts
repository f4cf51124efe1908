import type { Section } from '../build/layout.ts';
import { counted, rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

/** Whether consumers are told of events in time. */
export const events: Section = {
  title: 'Events',
  lines: [
    [
      series({
        title: 'Age of the oldest event',
        description: 'Of those that a consumer has not handled.',
        unit: 's',
        alerts: ['outboxOld'],
        queries: [[counted('innkeeper_outbox_oldest_seconds'), 'oldest']],
      }),
      series({
        title: 'Tenants with events',
        description: 'Tenants that have events which a consumer has not handled.',
        unit: 'none',
        queries: [[counted('innkeeper_outbox_pending'), 'tenants']],
      }),
      series({
        title: 'Events set aside',
        description: 'Events a second that a consumer is not told of any more.',
        unit: 'cps',
        queries: [[sum(rate('innkeeper_events_set_aside_total'), 'consumer'), '{{consumer}}']],
      }),
    ],
  ],
};
