import type { Sources } from './sources.ts';

export interface ConnectionBudget {
  /** Processes that serve at a time at most, those that start and stop during a roll-out included. */
  serving: number;
  workers: number;
  poolSize: number;
  jobsPoolSize: number;
  /** For people, backups and monitoring. */
  reserved: number;
}

/** The primary has fewer connections than may be asked of it. */
export class ConnectionBudgetError extends Error {
  override readonly name = 'ConnectionBudgetError';
}

/** Beside its pool a process has one connection to ask where the primary stands, one for readiness and one to listen for events. */
const BESIDE = 3;

const neededBy = ({ serving, workers, poolSize, jobsPoolSize, reserved }: ConnectionBudget): number =>
  serving * (poolSize + BESIDE) + workers * (poolSize + BESIDE + jobsPoolSize) + reserved;

const CAPACITY = `
  select sum(case name when 'max_connections' then setting::integer else -setting::integer end)::integer as capacity
  from pg_settings
  where name in ('max_connections', 'superuser_reserved_connections', 'reserved_connections')`;

/** Throws ConnectionBudgetError when the primary, as far as it answers, has too few connections for all processes at their most. */
export const checkConnections = async (sources: Sources, budget: ConnectionBudget): Promise<void> => {
  const [primary] = sources.ask<{ capacity: number }>(CAPACITY);
  const capacity = (await primary?.catch(() => []))?.[0]?.capacity;
  const needed = neededBy(budget);
  if (capacity === undefined || needed <= capacity) return;
  const { serving, workers, poolSize, jobsPoolSize, reserved } = budget;
  throw new ConnectionBudgetError(
    `All processes together may want ${needed} connections to the primary, which has ${capacity}: ` +
      `SERVING_PROCESSES ${serving} x (DATABASE_POOL_SIZE ${poolSize} + ${BESIDE}) + ` +
      `WORKER_PROCESSES ${workers} x (${poolSize} + ${BESIDE} + JOBS_POOL_SIZE ${jobsPoolSize}) + ` +
      `DATABASE_RESERVED_CONNECTIONS ${reserved}. Make one of them smaller, raise max_connections, or put a pooler before it.`,
  );
};
