import { sql } from 'kysely';
import type { Database } from '../../platform/db/database.ts';
import type { Scope } from '../../platform/db/scope.ts';
import { allowStatements } from '../../platform/db/statement-time.ts';

const TIMEOUT_MS = 600_000;

/** Renews the planner's statistics of all tables, which a bulk load leaves outdated until autovacuum comes round. */
export const analyzeTables = (database: Database, scope: Scope): Promise<void> =>
  database.transaction(scope, async ({ sql: db }) => {
    await allowStatements(db, TIMEOUT_MS);
    await sql`select app.analyze_tables()`.execute(db);
  });
