import { sql } from 'kysely';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { allowStatements } from '../../platform/db/statement-time.ts';
import { bite } from './bites.ts';

const TIMEOUT_MS = 600_000;

/** The tables of which more than a tenth of the rows, and a thousand, changed since their statistics were made. */
export const tablesToAnalyze = async (database: Database): Promise<string[]> => {
  const { rows } = await database.read(newScope(null), 'primary', (db) =>
    sql<{ name: string }>`
      select relname as name from pg_stat_user_tables
      where schemaname = 'public' and n_mod_since_analyze > 1000 + n_live_tup / 10 order by relname`.execute(db),
  );
  return rows.map(({ name }) => name);
};

/** Renews the planner's statistics of one table, in a transaction of its own so that its lock goes at once. */
export const analyzeTable = async (database: Database, table: string, lockTimeoutMs: number): Promise<void> => {
  await bite({ database, scope: newScope(null), lockTimeoutMs }, async (db) => {
    await allowStatements(db, TIMEOUT_MS);
    await sql`select app.analyze_table(${table})`.execute(db);
  });
};
