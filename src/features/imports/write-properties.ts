import { sql } from 'kysely';
import { foldText } from '../../kernel/folding.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { ImportedProperty } from './imported-property.ts';
import type { Market } from './market.ts';
import { FLEXIBLE_PLAN } from './rate-plan.ts';

/** Where its properties stand in a statement, as the table `l`. */
const rowsOf = (properties: readonly ImportedProperty[]) => {
  const rows = properties.map(({ listing, calendar, propertyId, roomTypeId, roomId, ratePlanId }) => ({
    ...listing,
    propertyId,
    roomTypeId,
    roomId,
    ratePlanId,
    priceFrom: calendar.priceFrom,
    inventoryUntil: calendar.inventoryUntil,
  }));
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as l (
    "propertyId" uuid, "roomTypeId" uuid, "roomId" uuid, "ratePlanId" uuid, "externalRef" text, name text, type text,
    "roomTypeName" text, description text, latitude float8, longitude float8, guests integer, rating float8,
    "reviewCount" integer, "priceFrom" bigint, "inventoryUntil" date)`;
};

/** Writes those whose external reference is new; answers which those are. */
const insertProperties = async (
  db: Sql,
  properties: readonly ImportedProperty[],
  market: Market,
  nowIso: string,
): Promise<ImportedProperty[]> => {
  const made = await sql<{ id: string }>`
    insert into property (id, name, type, time_zone, currency, city, city_key, country, latitude, longitude, rating,
      review_count, day_starts_at, price_from, external_ref, created_at)
    select l."propertyId", l.name, l.type, ${market.timeZone}, ${market.currency}, ${market.city},
      ${foldText(market.city)}, ${market.country}, l.latitude, l.longitude, l.rating, l."reviewCount",
      ${market.dayStartsAt}, l."priceFrom", l."externalRef", ${nowIso}::timestamptz
    from ${rowsOf(properties)} order by l."propertyId"
    on conflict (tenant_id, external_ref) where external_ref is not null do nothing
    returning id`.execute(db);
  const ids = new Set(made.rows.map(({ id }) => id));
  return properties.filter(({ propertyId }) => ids.has(propertyId));
};

/** Writes properties with one room type, room and rate plan each, unless they are there; answers those that were not. */
export const writeProperties = async (
  db: Sql,
  properties: readonly ImportedProperty[],
  market: Market,
  nowIso: string,
): Promise<ImportedProperty[]> => {
  const made = await insertProperties(db, properties, market, nowIso);
  const rows = rowsOf(made);
  await sql`
    insert into room_type (id, property_id, name, description, max_adults, max_children, max_occupancy, physical_rooms,
      inventory_until, created_at)
    select l."roomTypeId", l."propertyId", l."roomTypeName", l.description, l.guests, l.guests, l.guests, 1,
      l."inventoryUntil", ${nowIso}::timestamptz
    from ${rows}`.execute(db);
  await sql`
    insert into room (id, room_type_id, property_id, number, created_at)
    select l."roomId", l."roomTypeId", l."propertyId", '1', ${nowIso}::timestamptz from ${rows}`.execute(db);
  await sql`
    insert into rate_plan (id, property_id, code, name, included_adults, extra_adult, terms, created_at)
    select l."ratePlanId", l."propertyId", ${FLEXIBLE_PLAN.code}, ${FLEXIBLE_PLAN.name}, l.guests, 0,
      ${JSON.stringify(FLEXIBLE_PLAN.terms)}::jsonb, ${nowIso}::timestamptz
    from ${rows}`.execute(db);
  return made;
};
