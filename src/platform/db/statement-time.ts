import { sql } from 'kysely';
import type { Sql } from './database.ts';
import { currentScope } from './scope.ts';

/** Lets each further statement of the running transaction take so many milliseconds, whatever is usual. */
export const allowStatements = async (db: Sql, ms: number): Promise<void> => {
  await sql`select set_config('statement_timeout', ${String(ms)}, true)`.execute(db);
  const scope = currentScope();
  scope.statementTimeoutMs = Math.max(ms, scope.statementTimeoutMs);
};
