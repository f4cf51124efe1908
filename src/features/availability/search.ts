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

/** The price of the whole party from the nights' sum `n.price`; most parties pay just that, which spares the function. */
const partyTotal = (rooms: SearchInput['rooms'], nights: number): RawBuilder<number> => {
  const roomTotal = ({ adults, childAges }: SearchInput['rooms'][number]) => {
    const computed = sql`app.stay_total(n.price, ${nights}::integer, ${adults}::integer, ${childAges}::integer[],
      rp.included_adults, rp.extra_adult, rp.child_prices, p.taxes)`;
    if (childAges.length > 0) return computed;
    return sql`case when rp.included_adults >= ${adults} and p.taxes = '[]' then n.price else ${computed} end`;
  };
  return sql`(${sql.join(rooms.map(roomTotal), sql` + `)})`;
};

/**
 * Properties that can be booked exactly as asked, each with its cheapest room type and plan for all rooms of the party:
 * every night free, restrictions met, capacity enough, total as a quote would say. One statement, which asks for the
 * nights of one room type after the other, so that its cost grows with the place's room types, whatever the planner
 * believes of their number.
 */
const searchStatement = (input: SearchInput, nowIso: string): RawBuilder<SearchRow> => {
  const { arrival, departure, rooms } = input;
  const nights = daysBetween(arrival, departure);
  const most = (count: (room: (typeof rooms)[number]) => number) => Math.max(...rooms.map(count));
  const after = input.cursor ? decodeCursor(input.cursor, position) : null;
  const found = sql`(select count(*) from (select from offer limit ${TOTAL_CAP + 1}) counted)`;
  const available = sql`i.physical + i.overbooking - i.blocked - i.held - i.sold + case
    when t.id in (select room_type_id from expired) then (
      select count(*)::integer from booking_line l
      where l.tenant_id = app.tenant() and l.room_type_id = t.id and l.state = 'held'
        and l.hold_expires_at <= ${nowIso}::timestamptz and l.arrival <= i.night and l.counted_until > i.night)
    else 0 end`;
  return sql`
    with expired as materialized (
      select room_type_id from booking_line
      where tenant_id = app.tenant() and state = 'held' and hold_expires_at <= ${nowIso}::timestamptz
    ), place as materialized (
      select p.id, p.time_zone, p.day_starts_at from property p where ${sql.join(placeConditions(input), sql` and `)}
    ), zone as materialized (
      select time_zone, day_starts_at, app.business_date(${nowIso}::timestamptz, time_zone, day_starts_at) as today
      from place group by time_zone, day_starts_at
    ), candidate as materialized (
      select t.id, t.property_id, ${arrival}::date - (
        select z.today from zone z where z.time_zone = p.time_zone and z.day_starts_at = p.day_starts_at) as days_ahead
      from place p
      join room_type t on t.tenant_id = app.tenant() and t.property_id = p.id
      where t.active and t.max_adults >= ${most((room) => room.adults)}
        and t.max_children >= ${most((room) => room.childAges.length)}
        and t.max_occupancy >= ${most((room) => room.adults + room.childAges.length)}
    ), free as materialized (
      select t.id, any_value(t.property_id) as property_id, any_value(t.days_ahead) as days_ahead,
        min(${available}) as rooms
      from candidate t
      join inventory_night i on i.tenant_id = app.tenant() and i.room_type_id = t.id
        and i.night >= ${arrival}::date and i.night < ${departure}::date
      where t.days_ahead >= 0
      group by t.id
      having count(*) >= ${nights}
    ), priced as materialized (
      select t.id, rn.rate_plan_id, any_value(t.property_id) as property_id, any_value(t.rooms) as rooms,
        sum(rn.price) filter (where rn.night < ${departure}::date)::bigint as price
      from free t
      join rate_night rn on rn.tenant_id = app.tenant() and rn.room_type_id = t.id
        and rn.night >= ${arrival}::date and rn.night <= ${departure}::date
      where t.rooms >= ${rooms.length}
      group by t.id, rn.rate_plan_id
      having count(rn.price) filter (where rn.night < ${departure}::date and not rn.stop_sell) >= ${nights}
        and not bool_or(case rn.night
          when ${arrival}::date then rn.closed_to_arrival or rn.min_stay > ${nights} or rn.max_stay < ${nights}
            or rn.min_advance > t.days_ahead or rn.max_advance < t.days_ahead
          when ${departure}::date then rn.closed_to_departure
          else false end is true)
    ), offer as (
      select distinct on (p.id) p.id, p.rating, ${input.near ? distanceKm(input.near) : sql`null::float8`} as distance,
        n.id as room_type_id, n.rate_plan_id, n.rooms, x.total
      from priced n
      join property p on p.tenant_id = app.tenant() and p.id = n.property_id
      join rate_plan rp on rp.tenant_id = app.tenant() and rp.id = n.rate_plan_id and rp.active
      cross join lateral (select ${partyTotal(rooms, nights)} as total) x
      where true
        ${input.minTotal === undefined ? sql`` : sql`and x.total >= ${input.minTotal}`}
        ${input.maxTotal === undefined ? sql`` : sql`and x.total <= ${input.maxTotal}`}
      order by p.id, x.total, n.id, rp.id
    )
    select c.found, page.*
    from (select ${input.withTotal ? found : sql`0`} as found) c
    left join (
      select p.id as "propertyId", p.name, p.type, p.city, p.country, p.latitude, p.longitude, p.rating,
        p.review_count as "reviewCount", p.amenities, o.distance as "distanceKm", p.currency, o.total,
        t.id as "roomTypeId", t.name as "roomTypeName", rp.id as "ratePlanId", rp.name as "ratePlanName",
        o.rooms as "roomsLeft", o.sort_key as "sortKey"
      from (
        select o.*, ${sortKey(input)} as sort_key from offer o
        ${after ? sql`where (${sortKey(input)}, o.id) > (${after[0]}::float8, ${after[1]}::uuid)` : sql``}
        order by sort_key, o.id
        limit ${input.limit + 1}
      ) o
      cross join lateral (select * from property where tenant_id = app.tenant() and id = o.id offset 0) p
      cross join lateral (select * from room_type where tenant_id = app.tenant() and id = o.room_type_id offset 0) t
      cross join lateral (select * from rate_plan where tenant_id = app.tenant() and id = o.rate_plan_id offset 0) rp
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
