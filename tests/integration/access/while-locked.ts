import pg from 'pg';
import type { TestDatabase } from '../../support/postgres.ts';
import { asSuperuser, superuserUrl } from '../../support/superuser.ts';

const TIMEOUT_MS = 10_000;

/**
 * Starts `calls` while a transaction holds what `lock` locks, and commits it once `waiting` sessions wait for a lock. The
 * calls are answered in an object, since they need not have ended.
 */
export const whileLocked = async <T>(
  database: TestDatabase,
  lock: { text: string; values: unknown[]; waiting: number },
  start: () => Promise<T>[],
): Promise<{ calls: Promise<T>[] }> => {
  const client = new pg.Client({ connectionString: superuserUrl(database) });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(lock.text, lock.values);
    const calls = start();
    // A call may be refused before its test looks at it.
    void Promise.allSettled(calls);
    const deadline = performance.now() + TIMEOUT_MS;
    for (;;) {
      const waiting = await asSuperuser(
        database,
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (waiting.length >= lock.waiting) break;
      if (performance.now() > deadline) throw new Error(`${lock.waiting} sessions did not come to wait`);
    }
    await client.query('commit');
    return { calls };
  } finally {
    await client.end();
  }
};
