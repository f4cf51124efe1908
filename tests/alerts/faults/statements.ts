import type { Fault } from '../fault.ts';
import { asSuperuser } from '../transactions.ts';

const SLOW = `
  create function public.slow_fault() returns trigger language plpgsql as
    'begin perform pg_sleep(2.5); return null; end';
  create trigger slow_fault before insert on booking_line for each statement execute function public.slow_fault()`;

export const statementFaults: Fault[] = [
  {
    name: 'Each statement that writes bookings takes 2.5 s longer',
    fires: ['SlowStatements', 'LatencyP95High', 'ErrorBudgetBurn 1h', 'ErrorBudgetBurn 6h'],
    symptoms: ['PoolNearlyFull', 'PoolWaiting', 'ErrorRateHigh'],
    async begin(stage) {
      await asSuperuser(stage, SLOW);
      return { mend: () => asSuperuser(stage, 'drop function public.slow_fault cascade') };
    },
  },
];
