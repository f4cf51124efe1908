import type { PgBoss } from 'pg-boss';
import { connectionForLibraries } from '../platform/db/connection.ts';
import { listDeadJobs, retryDeadJobs } from '../platform/jobs/dead-jobs.ts';
import { createQueue } from '../platform/jobs/queue.ts';
import { countQueues } from '../platform/jobs/queue-counts.ts';
import { runNow } from '../platform/jobs/run-now.ts';
import { columns } from './columns.ts';
import { UsageError } from './run-command.ts';
import { withApplication } from './with-application.ts';

interface Place {
  dataDir?: string;
}

const SHOWN = 1_000;

const withQueue = <T>(place: Place, work: (queue: PgBoss) => Promise<T>): Promise<T> =>
  withApplication(place, async ({ config }) => {
    const queue = createQueue({
      connection: connectionForLibraries(config.DATABASE_URL),
      role: config.DATABASE_ROLE,
      poolSize: 1,
      tends: false,
      onFault: () => {},
    });
    await queue.start();
    try {
      return await work(queue);
    } finally {
      await queue.stop({ graceful: false });
    }
  });

/** Prints every queue with its counts, and the newest dead jobs. */
export const list = async (place: Place): Promise<void> => {
  const { queues, dead } = await withQueue(place, async (queue) => ({
    queues: await countQueues(queue),
    dead: await listDeadJobs(queue, SHOWN),
  }));
  const counts = queues.map(({ name, waiting, running, dead }) => [name, ...[waiting, running, dead].map(String)]);
  process.stdout.write(columns([['QUEUE', 'WAITING', 'RUNNING', 'DEAD'], ...counts]));
  if (dead.length === 0) return;
  const rows = dead.map(({ id, queue, failedAt, attempts, reason }) => [
    id,
    queue,
    failedAt ?? '',
    String(attempts),
    reason,
  ]);
  process.stdout.write(`\n${columns([['DEAD JOB', 'QUEUE', 'FAILED AT', 'TRIED', 'REASON'], ...rows])}`);
};

/** Lets a queue's next job begin now; some worker does it. */
export const run = async (name: string, place: Place): Promise<void> => {
  const known = await withQueue(place, (queue) => runNow(queue, name));
  if (!known) throw new UsageError(`There is no queue ${name}. See innkeeper jobs list.`);
  process.stdout.write(`${name} begins as soon as a worker is free.\n`);
};

/** Retries the jobs named, or all that are dead. */
export const retry = async (ids: string[], place: Place): Promise<void> => {
  const retried = await withQueue(place, async (queue) => {
    const dead = await listDeadJobs(queue, SHOWN);
    const unknown = ids.filter((id) => !dead.some((job) => job.id === id));
    if (unknown.length > 0)
      throw new UsageError(`No dead job has the id ${unknown.join(', ')}. See innkeeper jobs list.`);
    return await retryDeadJobs(queue, ids.length > 0 ? dead.filter(({ id }) => ids.includes(id)) : dead);
  });
  process.stdout.write(`${retried} back in ${retried === 1 ? 'its queue' : 'their queues'}.\n`);
};
