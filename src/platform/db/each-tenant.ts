import { sql } from 'kysely';
import type { Database } from './database.ts';
import { newScope, type Scope } from './scope.ts';

/** Runs a job for every tenant, one after the other, each in a scope of its own. */
export const forEachTenant = async (database: Database, job: (scope: Scope) => Promise<unknown>): Promise<void> => {
  const tenants = await database.read(newScope(null), 'primary', (db) =>
    sql<{ id: string }>`select id from app.tenant_ids() as id`.execute(db),
  );
  for (const { id } of tenants.rows) await job(newScope(id));
};
