import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { foldText } from '../../kernel/folding.ts';
import { cappedTotal, TOTAL_CAP } from '../../kernel/totals.ts';
import { decodeCursor, id, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { ListPropertiesInput, Property } from './property.schemas.ts';

const columns = sql`
  p.id, p.name, p.type, p.active, p.time_zone as "timeZone", p.currency, p.city, p.country, p.latitude, p.longitude,
  p.amenities, p.check_in_time as "checkInTime", p.check_out_time as "checkOutTime",
  p.day_starts_at as "dayStartsAt", p.taxes, p.external_ref as "externalRef", p.rating,
  p.review_count as "reviewCount", p.price_from as "priceFrom", p.created_at as "createdAt"`;

/** Null when the tenant has no such property. */
export const findProperty = async (db: Sql, propertyId: string): Promise<Property | null> => {
  const found = await sql<Property>`
    select ${columns} from property p where p.tenant_id = app.tenant() and p.id = ${propertyId}`.execute(db);
  return found.rows[0] ?? null;
};

/** One page by id, oldest first, in one statement; `active` stands in the text, so that the partial index can serve it. */
export const listProperties = async (db: Sql, input: ListPropertiesInput) => {
  const conditions: RawBuilder<unknown>[] = [sql`p.tenant_id = app.tenant()`];
  if (input.active === true) conditions.push(sql`p.active`);
  if (input.active === false) conditions.push(sql`not p.active`);
  if (input.city !== undefined) conditions.push(sql`p.city_key = ${foldText(input.city)}`);
  if (input.type !== undefined) conditions.push(sql`p.type = ${input.type}`);
  if (input.minPrice !== undefined) conditions.push(sql`p.price_from >= ${input.minPrice}::bigint`);
  if (input.maxPrice !== undefined) conditions.push(sql`p.price_from <= ${input.maxPrice}::bigint`);
  const matching = sql.join(conditions, sql` and `);
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, z.tuple([id]))[0];

  const total = sql`(select count(*) from (select from property p where ${matching} limit ${TOTAL_CAP + 1}) m)`;
  const { rows } = await sql<(Property & { total: number }) | { id: null; total: number }>`
    select t.total, page.*
    from (select ${input.withTotal ? total : sql`0`} as total) t
    left join (
      select ${columns} from property p
      where ${matching} ${after === null ? sql`` : sql`and p.id > ${after}`}
      order by p.id limit ${input.limit + 1}
    ) page on true
    order by page.id`.execute(db);

  const properties = rows.flatMap((row): Property[] => {
    if (row.id === null) return [];
    const { total: _, ...found } = row;
    return [found];
  });
  const page = toPage(properties, input.limit, (row) => [row.id]);
  const matched = rows[0]?.total ?? 0;
  if (!input.withTotal) return page;
  return { ...page, ...cappedTotal(matched) };
};
