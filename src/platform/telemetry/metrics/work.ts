import { Counter, Gauge } from 'prom-client';
import type { WorkReading } from '../readings.ts';
import type { Registers } from './registers.ts';

/** What runs, waits, and is turned away. */
export const workMetrics = (registers: Registers, work: () => WorkReading[]) => {
  const perKind = (name: string, help: string, of: (reading: WorkReading) => number) =>
    new Gauge({
      ...{ name, help, registers, labelNames: ['kind'] },
      collect() {
        for (const reading of work()) this.set({ kind: reading.kind }, of(reading));
      },
    });
  perKind('innkeeper_requests_in_flight', 'Calls that run.', ({ running }) => running);
  perKind('innkeeper_requests_waiting', 'Calls that wait for their turn.', ({ waiting }) => waiting);
  perKind('innkeeper_requests_in_flight_limit', 'Calls that may run at a time.', ({ most }) => most);
  const shed = new Counter({
    name: 'innkeeper_requests_shed_total',
    help: 'Calls turned away because too much ran and waited, or because they had waited too long.',
    labelNames: ['kind'],
    registers,
  });
  const limited = new Counter({
    name: 'innkeeper_requests_limited_total',
    help: 'Calls beyond the rate limit of their caller.',
    labelNames: ['caller'],
    registers,
  });
  return {
    onShed: (kind: string) => shed.inc({ kind }),
    onLimited: (caller: string) => limited.inc({ caller }),
  };
};
