import { sql } from 'kysely';
import type { Database } from '../../platform/db/database.ts';
import type { Scope } from '../../platform/db/scope.ts';

const BATCH = 1_000;

/** Deletes the stored answers of the scope's tenant whose time is over; answers how many those were. */
export const expireKeys = async (database: Database, scope: Scope, nowIso: string): Promise<number> => {
  for (let expired = 0; ; ) {
    const deleted = await database.transaction(scope, ({ sql: db }) =>
      sql`
        delete from idempotency_key
        where tenant_id = app.tenant() and ctid = any (array(
          select ctid from idempotency_key
          where tenant_id = app.tenant() and expires_at <= ${nowIso}::timestamptz
          order by expires_at limit ${BATCH} for update skip locked))`.execute(db),
    );
    const batch = Number(deleted.numAffectedRows ?? 0);
    expired += batch;
    if (batch < BATCH) return expired;
  }
};
