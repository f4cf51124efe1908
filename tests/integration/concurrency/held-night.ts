import pg from 'pg';
import type { TestDatabase } from '../../support/postgres.ts';
import { superuserUrl } from '../../support/superuser.ts';

const TIMEOUT_MS = 10_000;

/** Resolves once a session of the application waits for a lock. */
const somebodyWaits = async (client: pg.Client): Promise<void> => {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rowCount) return;
    if (performance.now() > deadline) throw new Error('nobody came to wait');
  }
};

/**
 * Keeps a night locked while `start` is under way, runs `meanwhile` once that waits for it, and answers what both did.
 */
export const whileNightIsHeld = async <T, U>(
  database: TestDatabase,
  { roomTypeId, night }: { roomTypeId: string; night: string },
  start: () => Promise<T>,
  meanwhile: () => Promise<U>,
): Promise<[T, U]> => {
  const [holder, watcher] = [0, 1].map(() => new pg.Client({ connectionString: superuserUrl(database) }));
  if (!holder || !watcher) throw new Error('two clients were made');
  await Promise.all([holder.connect(), watcher.connect()]);
  try {
    await holder.query('begin');
    await holder.query('select from inventory_night where room_type_id = $1 and night = $2 for update', [
      roomTypeId,
      night,
    ]);
    const started = start();
    started.catch(() => {});
    await somebodyWaits(watcher);
    const done = await meanwhile();
    await holder.query('rollback');
    return [await started, done];
  } finally {
    await Promise.all([holder.end(), watcher.end()]);
  }
};
