import type { Section } from '../build/layout.ts';
import { counted, grown, orZero } from '../build/queries.ts';
import { stat } from '../build/stat.ts';

/** The figures that one looks at first. */
export const now: Section = {
  title: 'Now',
  lines: [
    [
      stat({
        title: 'Oldest event',
        description: 'Age of the oldest event that a consumer has not handled.',
        unit: 's',
        alerts: ['outboxOld'],
        expr: counted('innkeeper_outbox_oldest_seconds'),
      }),
      stat({
        title: 'Oldest job',
        description: 'For how long the oldest job waits whose time has come.',
        unit: 's',
        alerts: ['jobsWaiting'],
        expr: counted('innkeeper_jobs_oldest_seconds'),
      }),
      stat({
        title: 'Oldest delivery',
        description: 'For how long the oldest webhook delivery could have been sent.',
        unit: 's',
        alerts: ['webhooksLate'],
        expr: counted('innkeeper_webhook_due_oldest_seconds'),
      }),
      stat({
        title: 'Endpoints failing',
        description: 'Webhook endpoints that nothing reaches.',
        unit: 'none',
        expr: counted('innkeeper_webhook_endpoints_failing'),
      }),
      stat({
        title: 'Events set aside',
        description: 'Events of the chosen time that a consumer is not told of any more, after its last failure.',
        unit: 'none',
        decimals: 0,
        expr: orZero(grown('innkeeper_events_set_aside_total')),
        course: false,
      }),
    ],
  ],
};
