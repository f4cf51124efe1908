import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { nightsOf } from '../../kernel/dates.ts';
import { TOTAL_CAP } from '../../kernel/totals.ts';
import { decodeCursor } from '../../kernel/wire.ts';
import { distanceKm, placeConditions } from './search-place.ts';
import type { SearchHit, SearchInput } from './search-schemas.ts';

/** A page's row; one without a property where the page is empty. */
export type SearchRow = (SearchHit & { sortKey: number; found: number }) | { propertyId: null; found: number };

/** The ascending sort key of an offer `o`: the smaller the better. */
export const sortKeyOf = (input: SearchInput): RawBuilder<number> => {
  if (input.sort === 'distance') return sql`o.distance`;
  if (input.sort === 'rating') return sql`-coalesce(o.rating, -1)`;
  return sql`o.total::float8`;
};

type Rooms = SearchInput['rooms'];

/** What the largest of the parties has of something. */
export const mostOf = (rooms: Rooms, count: (room: Rooms[number]) => number): number => Math.max(...rooms.map(count));

const position = z.tuple([z.number(), z.uuid()]);

/** The sort key and the property's id after which the page begins; null at the beginning. Throws INVALID_CURSOR. */
export const searchPosition = ({ cursor }: SearchInput): readonly [number, string] | null =>
  cursor ? decodeCursor(cursor, position) : null;

/** Rooms of a type left on its night `i`, expired holds not counted. */
export const roomsAvailable = (nowIso: string, roomTypeId: RawBuilder<unknown>): RawBuilder<number> => sql`
  i.physical + i.overbooking - i.blocked - i.held - i.sold + case
    when ${roomTypeId} in (select room_type_id from expired) then (
      select count(*)::integer from booking_line l
      where l.tenant_id = app.tenant() and l.room_type_id = ${roomTypeId} and l.state = 'held'
        and l.hold_expires_at <= ${nowIso}::timestamptz and l.arrival <= i.night and l.counted_until > i.night)
    else 0 end`;

/** What the party pays, from the sum of a room's nights `n.price`; most pay just that, which spares the function. */
export const partyTotal = (rooms: SearchInput['rooms'], nights: number): RawBuilder<number> => {
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
 * every night free, restrictions met, capacity enough, total as a quote would say. With `propertyIds`, of these only.
 *
 * Each step joins the one before with tables and never two steps with each other, whose sizes the planner can't know.
 * What it can't see is written so that it guesses well: nights as a list, since new ones lie beyond a range's
 * statistics; a count of nights by >=, which it holds for likelier than =, though more there can't be (prices are read
 * in 6 ms in place of 15); OFFSET 0, lest the page's 21 look-ups become scans of whole tables.
 */
export const searchStatement = (
  input: SearchInput,
  nowIso: string,
  propertyIds: readonly string[] | null = null,
): RawBuilder<SearchRow> => {
  const { arrival, departure, rooms } = input;
  const nights = nightsOf(arrival, departure);
  const after = searchPosition(input);
  const found = sql`(select count(*) from (select from offer limit ${TOTAL_CAP + 1}) counted)`;
  return sql`
    with expired as materialized (
      select room_type_id from booking_line
      where tenant_id = app.tenant() and state = 'held' and hold_expires_at <= ${nowIso}::timestamptz
    ), place as materialized (
      select p.id, p.time_zone, p.day_starts_at from property p where ${placeConditions(input)}
        ${propertyIds ? sql`and p.id = any (${propertyIds}::uuid[])` : sql``}
    ), zone as materialized (
      select time_zone, day_starts_at, app.business_date(${nowIso}::timestamptz, time_zone, day_starts_at) as today
      from place group by time_zone, day_starts_at
    ), candidate as materialized (
      select t.id, t.property_id, ${arrival}::date - (
        select z.today from zone z where z.time_zone = p.time_zone and z.day_starts_at = p.day_starts_at) as days_ahead
      from place p
      join room_type t on t.tenant_id = app.tenant() and t.property_id = p.id
      where t.active and t.max_adults >= ${mostOf(rooms, (room) => room.adults)}
        and t.max_children >= ${mostOf(rooms, (room) => room.childAges.length)}
        and t.max_occupancy >= ${mostOf(rooms, (room) => room.adults + room.childAges.length)}
    ), free as materialized (
      select t.id, any_value(t.property_id) as property_id, any_value(t.days_ahead) as days_ahead,
        min(${roomsAvailable(nowIso, sql`t.id`)}) as rooms
      from candidate t
      join inventory_night i on i.tenant_id = app.tenant() and i.room_type_id = t.id
        and i.night = any (${nights}::date[])
      where t.days_ahead >= 0
      group by t.id
      having count(*) >= ${nights.length}
    ), priced as materialized (
      select t.id, rn.rate_plan_id, any_value(t.property_id) as property_id, any_value(t.rooms) as rooms,
        sum(rn.price) filter (where rn.night < ${departure}::date)::bigint as price
      from free t
      join rate_night rn on rn.tenant_id = app.tenant() and rn.room_type_id = t.id
        and rn.night = any (${[...nights, departure]}::date[])
      where t.rooms >= ${rooms.length}
      group by t.id, rn.rate_plan_id
      having count(rn.price) filter (where rn.night < ${departure}::date and not rn.stop_sell) >= ${nights.length}
        and not bool_or(case rn.night
          when ${arrival}::date then rn.closed_to_arrival or rn.min_stay > ${nights.length} or rn.max_stay < ${nights.length}
            or rn.min_advance > t.days_ahead or rn.max_advance < t.days_ahead
          when ${departure}::date then rn.closed_to_departure
          else false end is true)
    ), offer as (
      select distinct on (p.id) p.id, p.rating, ${input.near ? distanceKm(input.near) : sql`null::float8`} as distance,
        n.id as room_type_id, n.rate_plan_id, n.rooms, x.total
      from priced n
      join property p on p.tenant_id = app.tenant() and p.id = n.property_id
      join rate_plan rp on rp.tenant_id = app.tenant() and rp.id = n.rate_plan_id and rp.active
      cross join lateral (select ${partyTotal(rooms, nights.length)} as total) x
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
        select o.*, ${sortKeyOf(input)} as sort_key from offer o
        ${after ? sql`where (${sortKeyOf(input)}, o.id) > (${after[0]}::float8, ${after[1]}::uuid)` : sql``}
        order by sort_key, o.id
        limit ${input.limit + 1}
      ) o
      cross join lateral (select * from property where tenant_id = app.tenant() and id = o.id offset 0) p
      cross join lateral (select * from room_type where tenant_id = app.tenant() and id = o.room_type_id offset 0) t
      cross join lateral (select * from rate_plan where tenant_id = app.tenant() and id = o.rate_plan_id offset 0) rp
    ) page on true
    order by page."sortKey", page."propertyId"`;
};
