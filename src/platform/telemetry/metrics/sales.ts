import { Counter, Histogram } from 'prom-client';
import type { Registers } from './registers.ts';

const SIZES = [1, 2, 4, 8, 16, 32];
const BATCH_SECONDS = [0.001, 0.01, 0.1, 1, 5];

/** What is sold, refused and announced by this process; no tenant is named. */
export const salesMetrics = (registers: Registers) => {
  const events = new Counter({
    name: 'innkeeper_events_total',
    help: 'Events that this worker has handed on, by type: bookings held, confirmed, cancelled, ...',
    labelNames: ['type'],
    registers,
  });
  const refusals = new Counter({
    name: 'innkeeper_sold_out_refusals_total',
    help: 'Bookings refused because a night was sold out or closed.',
    registers,
  });
  const replays = new Counter({
    name: 'innkeeper_key_replays_total',
    help: 'Commands answered from their idempotency key.',
    registers,
  });
  const batches = new Histogram({
    name: 'innkeeper_ledger_batch_size',
    help: 'Bookings that shared a transaction.',
    buckets: SIZES,
    registers,
  });
  const durations = new Histogram({
    name: 'innkeeper_ledger_batch_duration_seconds',
    help: 'Time that these transactions took, waiting for the nights they lock included.',
    buckets: BATCH_SECONDS,
    registers,
  });
  return {
    onTold: (type: string) => events.inc({ type }),
    onSoldOut: () => refusals.inc(),
    onReplayed: () => replays.inc(),
    onBatch(size: number, milliseconds: number) {
      batches.observe(size);
      durations.observe(milliseconds / 1_000);
    },
  };
};
