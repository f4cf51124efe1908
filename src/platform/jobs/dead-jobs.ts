import type { PgBoss } from 'pg-boss';

/** A job that failed for the last time; it is kept for thirty days. */
export interface DeadJob {
  id: string;
  queue: string;
  failedAt: string | null;
  /** How often it was tried. */
  attempts: number;
  /** The message of the last failure. */
  reason: string;
}

const reasonOf = (output: unknown): string => {
  if (typeof output !== 'object' || output === null) return 'not known';
  if ('message' in output && typeof output.message === 'string') return output.message;
  return 'value' in output ? String(output.value) : 'not known';
};

interface Row {
  id: string;
  name: string;
  completed_on: Date | null;
  retry_count: number;
  output: unknown;
}

/** The newest dead jobs. */
export const listDeadJobs = async (queue: PgBoss, limit: number): Promise<DeadJob[]> => {
  const { rows }: { rows: Row[] } = await queue.getDb().executeSql(
    `select id, name, completed_on, retry_count, output from jobs.job
     where state = 'failed' order by completed_on desc limit $1`,
    [limit],
  );
  return rows.map(({ id, name, completed_on, retry_count, output }) => ({
    id,
    queue: name,
    failedAt: completed_on?.toISOString() ?? null,
    attempts: retry_count + 1,
    reason: reasonOf(output),
  }));
};

/** Puts dead jobs back in their queues; answers how many. One whose successor already waits stays dead. */
export const retryDeadJobs = async (queue: PgBoss, jobs: readonly DeadJob[]): Promise<number> => {
  let retried = 0;
  for (const { id, queue: name } of jobs) {
    retried += await queue.retry(name, id).then(
      () => 1,
      () => 0,
    );
  }
  return retried;
};
