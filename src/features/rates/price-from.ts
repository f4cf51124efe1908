import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { forEachTenant } from '../../platform/db/each-tenant.ts';
import type { Scope } from '../../platform/db/scope.ts';
import { lockPricedProperty } from './priced-property.ts';

/** The lowest price of any night of property `p` from its business date on, on active plans and room types. */
const lowestPrice = (nowIso: string) => sql`(
  select min(n.price)
  from room_type t
  join rate_plan rp on rp.tenant_id = app.tenant() and rp.property_id = t.property_id and rp.active
  join rate_night n on n.tenant_id = app.tenant() and n.room_type_id = t.id and n.rate_plan_id = rp.id
    and n.night >= app.business_date(${nowIso}::timestamptz, p.time_zone, p.day_starts_at)
  where t.tenant_id = app.tenant() and t.property_id = p.id and t.active
)`;

/** Makes a property's `price_from` what its prices say; needs the property locked. */
export const refreshPriceFrom = async (db: Sql, propertyId: string, nowIso: string): Promise<void> => {
  await sql`
    update property stale set price_from = fresh.price
    from (
      select p.id, ${lowestPrice(nowIso)} as price from property p
      where p.tenant_id = app.tenant() and p.id = ${propertyId}
    ) fresh
    where stale.tenant_id = app.tenant() and stale.id = fresh.id
      and stale.price_from is distinct from fresh.price`.execute(db);
};

/** Properties looked at in one statement. */
const BATCH = 200;

const refreshTenant = async (database: Database, scope: Scope, nowIso: string): Promise<number> => {
  let refreshed = 0;
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: { id: string; isStale: boolean }[] } = await database.read(scope, 'primary', (db) =>
      sql<{ id: string; isStale: boolean }>`
        select p.id, p.price_from is distinct from ${lowestPrice(nowIso)} as "isStale" from property p
        where p.tenant_id = app.tenant() ${after === null ? sql`` : sql`and p.id > ${after}`}
        order by p.id limit ${BATCH}`.execute(db),
    );
    for (const { id } of rows.filter(({ isStale }) => isStale)) {
      await database.transaction(scope, async ({ sql: db }) => {
        await lockPricedProperty(db, id);
        await refreshPriceFrom(db, id, nowIso);
      });
      refreshed += 1;
    }
    after = rows.at(-1)?.id ?? null;
    if (rows.length < BATCH) return refreshed;
  }
};

/** Lets prices of nights that are over no longer count, for every property of every tenant; answers how many changed. */
export const refreshAllPricesFrom = async (database: Database, clock: Clock): Promise<number> => {
  const nowIso = clock.nowIso();
  let refreshed = 0;
  await forEachTenant(database, async (scope) => {
    refreshed += await refreshTenant(database, scope, nowIso);
  });
  return refreshed;
};
