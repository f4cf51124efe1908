import type { TestDatabase } from '../../support/postgres.ts';
import { asSuperuser } from '../../support/superuser.ts';

/** How many deadlocks there were; waits until all sessions have ended, which is when they are counted at the latest. */
export const deadlocksIn = async (database: TestDatabase): Promise<number> => {
  for (;;) {
    const [row] = await asSuperuser<{ sessions: number; deadlocks: number }>(
      database,
      `select deadlocks::integer, (
         select count(*)::integer from pg_stat_activity a where a.datname = d.datname and a.pid <> pg_backend_pid()
       ) as sessions
       from pg_stat_database d where d.datname = current_database()`,
    );
    if (row?.sessions === 0) return row.deadlocks;
  }
};
