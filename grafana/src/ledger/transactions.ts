import type { Section } from '../build/layout.ts';
import { counted, quantile, rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

const BATCHES = 'innkeeper_ledger_batch_size';
const BATCH_TIMES = 'innkeeper_ledger_batch_duration_seconds';

/** How bookings share transactions, and what the check of the ledger found. */
export const transactions: Section = {
  title: 'Ledger',
  lines: [
    [
      series({
        title: 'Bookings in a transaction',
        description: 'How many bookings shared a transaction: on average, and 95 of 100 no more than.',
        unit: 'none',
        decimals: 1,
        queries: [
          [`${sum(rate(`${BATCHES}_sum`))} / ${sum(rate(`${BATCHES}_count`))}`, 'average'],
          [quantile(0.95, BATCHES), 'p95'],
        ],
      }),
      series({
        title: 'Time of these transactions',
        description: 'With the wait for the nights that they lock: a night that everybody wants shows here.',
        unit: 's',
        queries: [
          [quantile(0.5, BATCH_TIMES), 'p50'],
          [quantile(0.95, BATCH_TIMES), 'p95'],
          [quantile(0.99, BATCH_TIMES), 'p99'],
        ],
      }),
      series({
        title: 'Faults found by the check',
        description: 'Rows that break a promise; there must be none.',
        unit: 'none',
        alerts: ['ledgerFaults'],
        queries: [[counted('innkeeper_ledger_faults'), 'faults']],
      }),
    ],
  ],
};
