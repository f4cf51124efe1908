import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { LocalDate } from '../../kernel/dates.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { forEachTenant } from '../../platform/db/each-tenant.ts';
import type { Scope } from '../../platform/db/scope.ts';

/** Opens the nights [from, until) that are still closed, with the room type's own numbers. */
export const openNights = async (db: Sql, roomTypeId: string, from: LocalDate, until: LocalDate): Promise<void> => {
  await sql`select app.open_nights(${roomTypeId}, ${from}::date, ${until}::date)`.execute(db);
};

/** Room types opened in one transaction. */
const BATCH = 20;

const rollTenant = async (database: Database, scope: Scope, nowIso: string, horizonDays: number): Promise<number> => {
  const due = await database.read(scope, 'primary', (db) =>
    sql<{ id: string; from: LocalDate; until: LocalDate }>`
      select t.id, greatest(t.inventory_until, d.today) as "from", d.today + ${horizonDays}::integer as until
      from room_type t
      join property p on p.tenant_id = app.tenant() and p.id = t.property_id
      cross join lateral (
        select app.business_date(${nowIso}::timestamptz, p.time_zone, p.day_starts_at) as today
      ) d
      where t.tenant_id = app.tenant() and t.active
        and (t.inventory_until is null or t.inventory_until < d.today + ${horizonDays}::integer)
      order by t.id`.execute(db),
  );
  for (let done = 0; done < due.rows.length; done += BATCH) {
    const batch = due.rows.slice(done, done + BATCH);
    await database.transaction(scope, ({ sql: db }) =>
      sql`
        select app.open_nights(t.id, t.from_night, t.until_night)
        from unnest(${batch.map(({ id }) => id)}::uuid[], ${batch.map(({ from }) => from)}::date[],
          ${batch.map(({ until }) => until)}::date[]) as t (id, from_night, until_night)`.execute(db),
    );
  }
  return due.rows.length;
};

/**
 * Opens nights up to `horizonDays` after each property's business date, for every active room type of every tenant
 * that has fewer; answers how many room types were rolled on.
 */
export const rollHorizon = async (database: Database, clock: Clock, horizonDays: number): Promise<number> => {
  const nowIso = clock.nowIso();
  let rolled = 0;
  await forEachTenant(database, async (scope) => {
    rolled += await rollTenant(database, scope, nowIso, horizonDays);
  });
  return rolled;
};
