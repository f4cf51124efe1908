import type { PgBoss } from 'pg-boss';
import { countQueues } from './queue-counts.ts';

/** Ahead of whatever waits by schedule. */
const AT_ONCE = 10;

/**
 * Lets a queue's next job begin now and ahead of others: the one that waits for its time, since one of a kind waits at
 * most, or else a new one. Answers false when the queue is not known.
 */
export const runNow = async (queue: PgBoss, name: string): Promise<boolean> => {
  const known = await countQueues(queue);
  if (!known.some((one) => one.name === name)) return false;
  const [waiting] = await queue.findJobs(name, { queued: true });
  if (waiting) await queue.update(name, undefined, { id: waiting.id, startAfter: new Date(0), priority: AT_ONCE });
  else await queue.send(name, {}, { priority: AT_ONCE });
  return true;
};
