import { type Clock, PgBoss } from 'pg-boss';
import { JOBS_SCHEMA } from './schema.ts';

export interface QueueOptions {
  /** How to connect to the primary, not through a pooler in transaction mode. */
  connection: { connectionString: string };
  /** The role that its connections take. */
  role: string;
  /** Connections at most. */
  poolSize: number;
  /** Where time comes from; the system unless given. */
  clock?: Clock;
  /** Whether it looks after the queues and their schedules; only to look into them otherwise. */
  tends: boolean;
  /** Told of what goes wrong beside any job: a lost connection, a statement that failed. */
  onFault(error: unknown): void;
}

const MONITOR_S = 10;

const SETTINGS = {
  // A job whose process vanished is taken up by another within a minute.
  heartbeatSeconds: 30,
  expireInSeconds: 3_600,
  retryBackoff: true,
  retryDelayMax: 900,
};

/** For work whose next run comes anyway: a failure is reported and leaves nothing behind. */
const RECURRING = { ...SETTINGS, retryLimit: 2, retryDelay: 1, deleteAfterSeconds: 60 };

/** Tried again later and later for about an hour, then kept as dead for thirty days. */
const LASTING = { ...SETTINGS, retryLimit: 8, retryDelay: 4, deleteAfterSeconds: 30 * 86_400 };

/** Makes a queue in which one job waits and one runs at a time, or gives it the settings of this version. */
export const openQueue = async (queue: PgBoss, name: string, recurring: boolean): Promise<void> => {
  const settings = recurring ? RECURRING : LASTING;
  await queue.createQueue(name, { ...settings, policy: 'stately' });
  await queue.updateQueue(name, settings);
};

/** The queue on its tables, which migrations have made. Nothing runs before `start`. */
export const createQueue = ({ connection, role, poolSize, clock, tends, onFault }: QueueOptions): PgBoss =>
  new PgBoss({
    ...connection,
    application_name: 'innkeeper jobs',
    options: `-c role=${role} -c timezone=UTC`,
    schema: JOBS_SCHEMA,
    max: poolSize,
    schedule: tends,
    supervise: tends,
    migrate: false,
    createSchema: false,
    // Rebuilding an index is for its owner, and serving connections own nothing.
    reindex: false,
    monitorVacuum: false,
    monitorIntervalSeconds: MONITOR_S,
    superviseIntervalSeconds: MONITOR_S,
    ...(clock ? { clock } : {}),
  }).on('error', onFault);

/** How the queue's pool stands: the library keeps it to itself. */
export const standingOf = (queue: PgBoss, limit: number) => {
  const pool: unknown = Reflect.get(queue.getDb(), 'pool');
  const count = (name: string): number => Number((pool && Reflect.get(pool, name)) ?? 0);
  const idle = count('idleCount');
  return { used: count('totalCount') - idle, idle, waiting: count('waitingCount'), limit };
};
