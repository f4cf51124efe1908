import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Database } from '../../platform/db/database.ts';
import { forEachTenant } from '../../platform/db/each-tenant.ts';
import type { Scope } from '../../platform/db/scope.ts';

/** Releases up to `limit` expired holds of the scope's tenant in one transaction; answers how many bookings were due. */
export const sweepHolds = (database: Database, scope: Scope, nowIso: string, limit: number): Promise<number> =>
  database.transaction(scope, async ({ sql: db }) => {
    const swept = await sql<{ bookings: number }>`
      select app.sweep_holds(${nowIso}::timestamptz, ${limit}::integer) as bookings`.execute(db);
    return swept.rows[0]?.bookings ?? 0;
  });

/** Releases every hold of every tenant that has expired by now, `batch` at a time; answers how many bookings that were. */
export const sweepAllHolds = async (database: Database, clock: Clock, batch = 100): Promise<number> => {
  const nowIso = clock.nowIso();
  let released = 0;
  await forEachTenant(database, async (scope) => {
    for (;;) {
      const due = await sweepHolds(database, scope, nowIso, batch);
      released += due;
      if (due === 0) return;
    }
  });
  return released;
};
