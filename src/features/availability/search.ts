import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { daysBetween } from '../../kernel/dates.ts';
import { cappedTotal, TOTAL_CAP } from '../../kernel/totals.ts';
import { decodeCursor, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import { foldCity } from '../properties/index.ts';
import type { SearchHit, SearchInput } from './search-schemas.ts';

const EARTH_RADIUS_KM = 6371;

type Box = NonNullable<SearchInput['box']>;

/** Great-circle distance in km by the haversine formula. */
const distanceKm = ({ latitude, longitude }: { latitude: number; longitude: number }): RawBuilder<number> => sql`
  (${2 * EARTH_RADIUS_KM}::float8 * asin(least(1, sqrt(
    sin(radians(p.latitude - ${latitude}::float8) / 2) ^ 2 + cos(radians(${latitude}::float8)) *
    cos(radians(p.latitude)) * sin(radians(p.longitude - ${longitude}::float8) / 2) ^ 2))))`;

/** Comparisons of plain numbers, which row-level security lets use the index, as operators on boxes would not. */
const insideBox = (box: Box): RawBuilder<unknown> => sql`
  p.latitude between ${box.south}::float8 and ${box.north}::float8 and ${
    box.west <= box.east
      ? sql`p.longitude between ${box.west}::float8 and ${box.east}::float8`
      : sql`(p.longitude >= ${box.west}::float8 or p.longitude <= ${box.east}::float8)`
  }`;

const degrees = (radians: number): number => (radians * 180) / Math.PI;

/** Keeps rounding from cutting off the rim; the distance itself decides there. */
const ROUNDING_DEGREES = 1e-9;

/** The smallest box around a circle: across the date line where the circle is, of all longitudes where it holds a pole. */
const boxAround = ({ latitude, longitude, radiusKm }: NonNullable<SearchInput['near']>): Box => {
  const angle = radiusKm / EARTH_RADIUS_KM;
  const height = degrees(angle) + ROUNDING_DEGREES;
  const band = { south: latitude - height, north: latitude + height };
  if (band.south <= -90 || band.north >= 90) return { ...band, west: -180, east: 180 };
  const width = degrees(Math.asin(Math.sin(angle) / Math.cos((latitude * Math.PI) / 180))) + ROUNDING_DEGREES;
  const [west, east] = [longitude - width, longitude + width];
  return { ...band, west: west < -180 ? west + 360 : west, east: east > 180 ? east - 360 : east };
};

const placeConditions = (input: SearchInput): RawBuilder<unknown>[] => [
  sql`p.tenant_id = app.tenant() and p.active`,
  ...(input.city ? [sql`p.city_key = ${foldCity(input.city)}`] : []),
  ...(input.types ? [sql`p.type = any (${input.types}::text[])`] : []),
  ...(input.amenities ? [sql`p.amenities @> ${input.amenities}::text[]`] : []),
  ...(input.currency ? [sql`p.currency = ${input.currency}`] : []),
  ...(input.box ? [insideBox(input.box)] : []),
  ...(input.near ? [insideBox(boxAround(input.near)), sql`${distanceKm(input.near)} <= ${input.near.radiusKm}`] : []),
];

/** Ascending sort keys: the smaller the better. */
const sortKey = (input: SearchInput): RawBuilder<number> => {
  if (input.sort === 'distance') return sql`o.distance`;
  if (input.sort === 'rating') return sql`-coalesce(o.rating, -1)`;
  return sql`o.total::float8`;
};

const position = z.tuple([z.number(), z.uuid()]);

/**
 * Properties that can be booked exactly as asked, each with its cheapest room type and plan for all rooms of the party:
 * every night free, restrictions met, capacity enough, total as a quote would say. One statement.
 */
const searchStatement = (input: SearchInput, nowIso: string): RawBuilder<SearchRow> => {
  const { arrival, departure, rooms } = input;
  const nights = daysBetween(arrival, departure);
  const most = (count: (room: (typeof rooms)[number]) => number) => Math.max(...rooms.map(count));
  const after = input.cursor ? decodeCursor(input.cursor, position) : null;
  const total = sql`(select sum(
    case when coalesce(cardinality(r.ages), 0) = 0 and r.adults <= rp.included_adults and p.taxes = '[]' then n.price
    else app.stay_total(n.price, ${nights}::integer, r.adults, r.ages, rp.included_adults, rp.extra_adult,
      rp.child_prices, p.taxes) end)
    from party r)::bigint`;
  const found = sql`(select count(*) from (select from offer limit ${TOTAL_CAP + 1}) counted)`;
  return sql`
    with party as materialized (
      select (room.value ->> 'adults')::integer as adults,
        array(select jsonb_array_elements_text(room.value -> 'childAges')::integer) as ages
      from jsonb_array_elements(${JSON.stringify(rooms)}::jsonb) room
    ), expired as materialized (
      select l.room_type_id, night::date as night, count(*)::integer as lines
      from booking_line l, generate_series(greatest(l.arrival, ${arrival}::date),
        least(l.counted_until, ${departure}::date) - 1, interval '1 day') night
      where l.tenant_id = app.tenant() and l.state = 'held' and l.hold_expires_at <= ${nowIso}::timestamptz
      group by 1, 2
    ), place as materialized (
      select p.*, ${input.near ? distanceKm(input.near) : sql`null::float8`} as distance
      from property p
      where ${sql.join(placeConditions(input), sql` and `)}
        and ${arrival}::date >= app.business_date(${nowIso}::timestamptz, p.time_zone, p.day_starts_at)
    ), candidate as (
      select t.id, t.property_id from place p
      join room_type t on t.tenant_id = app.tenant() and t.property_id = p.id
      where t.active and t.max_adults >= ${most((room) => room.adults)}
        and t.max_children >= ${most((room) => room.childAges.length)}
        and t.max_occupancy >= ${most((room) => room.adults + room.childAges.length)}
    ), free as (
      select i.room_type_id, min(i.physical + i.overbooking - i.blocked - i.held - i.sold + coalesce(e.lines, 0)) as rooms
      from inventory_night i
      left join expired e on e.room_type_id = i.room_type_id and e.night = i.night
      where i.tenant_id = app.tenant() and i.night >= ${arrival}::date and i.night < ${departure}::date
        and i.room_type_id in (select id from candidate)
        and i.physical + i.overbooking - i.blocked - i.held - i.sold + coalesce(e.lines, 0) >= ${rooms.length}
      group by i.room_type_id having count(*) = ${nights}
    ), priced as (
      select rn.room_type_id, rn.rate_plan_id, sum(rn.price) filter (where rn.night < ${departure}::date)::bigint as price,
        min(rn.min_advance) filter (where rn.night = ${arrival}::date) as min_advance,
        max(rn.max_advance) filter (where rn.night = ${arrival}::date) as max_advance
      from rate_night rn
      where rn.tenant_id = app.tenant() and rn.night >= ${arrival}::date and rn.night <= ${departure}::date
        and rn.room_type_id in (select room_type_id from free)
      group by rn.room_type_id, rn.rate_plan_id
      having count(rn.price) filter (where rn.night < ${departure}::date and not rn.stop_sell) = ${nights}
        and count(*) filter (where rn.night = ${arrival}::date and (rn.closed_to_arrival
          or rn.min_stay > ${nights} or rn.max_stay < ${nights})) = 0
        and count(*) filter (where rn.night = ${departure}::date and rn.closed_to_departure) = 0
    ), offer as (
      select distinct on (p.id) p.id, p.name, p.type, p.city, p.country, p.latitude, p.longitude, p.rating,
        p.review_count, p.amenities, p.currency, p.distance, t.id as room_type_id, t.name as room_type_name,
        rp.id as rate_plan_id, rp.name as rate_plan_name, f.rooms, x.total
      from priced n
      join free f on f.room_type_id = n.room_type_id
      join room_type t on t.tenant_id = app.tenant() and t.id = n.room_type_id
      join place p on p.id = t.property_id
      join rate_plan rp on rp.tenant_id = app.tenant() and rp.id = n.rate_plan_id and rp.active
      cross join lateral (select ${total} as total) x
      where (n.min_advance is null or ${arrival}::date - n.min_advance
          >= app.business_date(${nowIso}::timestamptz, p.time_zone, p.day_starts_at))
        and (n.max_advance is null or ${arrival}::date - n.max_advance
          <= app.business_date(${nowIso}::timestamptz, p.time_zone, p.day_starts_at))
        ${input.minTotal === undefined ? sql`` : sql`and x.total >= ${input.minTotal}`}
        ${input.maxTotal === undefined ? sql`` : sql`and x.total <= ${input.maxTotal}`}
      order by p.id, x.total, t.id, rp.id
    )
    select t.found, page.*
    from (select ${input.withTotal ? found : sql`0`} as found) t
    left join (
      select o.id as "propertyId", o.name, o.type, o.city, o.country, o.latitude, o.longitude, o.rating,
        o.review_count as "reviewCount", o.amenities, o.distance as "distanceKm", o.currency, o.total,
        o.room_type_id as "roomTypeId", o.room_type_name as "roomTypeName", o.rate_plan_id as "ratePlanId",
        o.rate_plan_name as "ratePlanName", o.rooms as "roomsLeft", ${sortKey(input)} as "sortKey"
      from offer o
      ${after ? sql`where (${sortKey(input)}, o.id) > (${after[0]}::float8, ${after[1]}::uuid)` : sql``}
      order by ${sortKey(input)}, o.id
      limit ${input.limit + 1}
    ) page on true
    order by page."sortKey", page."propertyId"`;
};

type SearchRow = (SearchHit & { sortKey: number; found: number }) | { propertyId: null; found: number };

/** One page and, if asked for, the total. Throws INVALID_CURSOR. */
export const search = async (db: Sql, input: SearchInput, nowIso: string) => {
  const { rows } = await searchStatement(input, nowIso).execute(db);
  const hits = rows.flatMap((row) => (row.propertyId === null ? [] : [row]));
  const page = toPage(hits, input.limit, (row) => [row.sortKey, row.propertyId]);
  const items = page.items.map(({ sortKey: _key, found: _found, ...hit }): SearchHit => hit);
  return { items, nextCursor: page.nextCursor, ...(input.withTotal ? cappedTotal(rows[0]?.found ?? 0) : {}) };
};
