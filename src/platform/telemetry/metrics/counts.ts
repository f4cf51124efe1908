import { Gauge } from 'prom-client';
import type { DatabaseCounts } from '../readings.ts';
import type { Registers } from './registers.ts';

const gauges: [name: keyof DatabaseCounts, metric: string, help: string][] = [
  ['holdsLive', 'innkeeper_holds_live', 'Bookings on hold whose time is not over.'],
  ['holdsExpired', 'innkeeper_holds_expired', 'Bookings on hold whose time is over and that were not released yet.'],
  ['oldestExpiredHoldSeconds', 'innkeeper_holds_expired_oldest_seconds', 'For how long the oldest of these is over.'],
  ['outboxPending', 'innkeeper_outbox_pending', 'Tenants that have events which a consumer has not handled.'],
  ['oldestEventSeconds', 'innkeeper_outbox_oldest_seconds', 'Age of the oldest event that a consumer has not handled.'],
  ['deliveriesDue', 'innkeeper_webhook_deliveries_due', 'Webhook deliveries that could be sent now.'],
  ['oldestDeliverySeconds', 'innkeeper_webhook_due_oldest_seconds', 'For how long the oldest of these could be sent.'],
  ['endpointsFailing', 'innkeeper_webhook_endpoints_failing', 'Webhook endpoints that nothing reaches.'],
  ['jobsWaiting', 'innkeeper_jobs_waiting', 'Jobs whose time has come and that nobody has begun.'],
  ['oldestJobSeconds', 'innkeeper_jobs_oldest_seconds', 'For how long the oldest of these waits.'],
  ['ledgerFaults', 'innkeeper_ledger_faults', 'Rows that the last check of the ledger found to break a promise.'],
  ['ledgerCheckedAtSeconds', 'innkeeper_ledger_checked_timestamp_seconds', 'When the ledger was last checked.'],
  ['databaseBytes', 'innkeeper_database_bytes', 'Size of the database.'],
];

/**
 * What the database counts for all processes. Only workers tell it, all the same: take the `max`. Counts that are too old to be
 * true are not told at all.
 */
export const countMetrics = (registers: Registers, counts: () => DatabaseCounts | null): void => {
  for (const [field, name, help] of gauges) {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        const value = counts()?.[field] ?? null;
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  }
};
