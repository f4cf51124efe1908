import pg from 'pg';
import { openTransaction } from './open-transaction.ts';

/** Keeps everyone out of a table until the returned function is called, or the test ends. */
export const lockTable = (ownerUrl: string, table: string): Promise<() => Promise<void>> =>
  openTransaction(ownerUrl, `lock table ${pg.escapeIdentifier(table)} in access exclusive mode`);

/** How many sessions of this database wait for a lock. */
export const waitingForLocks = async (ownerUrl: string): Promise<number> => {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_locks l join pg_stat_activity a using (pid)
       where not l.granted and a.datname = current_database()`,
    );
    return rows[0]?.waiting ?? 0;
  } finally {
    await client.end();
  }
};
