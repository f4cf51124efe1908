import { type RawBuilder, sql } from 'kysely';
import type { LocalDate } from '../../../kernel/dates.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { OccupancyPricing, TaxRule } from '../../rates/index.ts';
import { MOST_ROOMS } from './offer-block.ts';
import type { PropertyFacts } from './property-table.ts';

/** Nights of a room type to be read, [from, until). */
export interface AskedNights {
  roomTypeId: string;
  from: LocalDate;
  until: LocalDate;
}

/** An offer that is on sale, with the nights that were asked for as texts of arrays; night-text.ts reads them. */
export interface OfferRow extends PropertyFacts {
  taxes: TaxRule[];
  roomTypeId: string;
  maxAdults: number;
  maxChildren: number;
  maxOccupancy: number;
  ratePlanId: string;
  occupancy: OccupancyPricing;
  /** Nights of the window that were asked for. */
  from: number;
  until: number;
  rooms: string | null;
  prices: string | null;
  stays: string | null;
  advances: string | null;
  /** When the room type's next hold is over that counts as taken now. */
  nextHoldEnd: string | null;
  /** How many of the window's nights have been opened; null when nobody says. */
  openedNights: number | null;
}

/** Every text holds one number a night; the night's place in the window is below this. */
export const NIGHT_RADIX = 512;
/** How many values a limit has; the last one means none. */
export const LIMIT_RADIX = 32_768;

interface Reading {
  firstNight: LocalDate;
  nowIso: string;
}

/**
 * Which nights of room type `t` are asked for. For a few of them the index by night is right; for all of them it isn't, which
 * the planner can't know, so that reads of whole windows compare what only the index by room type can do without.
 */
const FEW = sql`i.night >= t.from_night and i.night < t.until_night`;
const MANY = sql`i.night - t.from_night >= 0 and i.night - t.until_night < 0`;

/**
 * Aggregates nights to a row an offer. Room types are looked at one after the other, each by its own stretch of an index,
 * whatever the planner knows of them.
 */
const offerRows = (
  asked: RawBuilder<unknown>,
  within: RawBuilder<unknown>,
  { firstNight, nowIso }: Reading,
): RawBuilder<OfferRow> => sql`
  with asked as materialized (${asked}), type as materialized (
    select t.*, a.from_night, a.until_night, (
        select min(l.hold_expires_at) from booking_line l
        where l.tenant_id = app.tenant() and l.room_type_id = t.id and l.state = 'held'
          and l.hold_expires_at > ${nowIso}::timestamptz
      ) as next_hold_end, exists (
        select from booking_line l
        where l.tenant_id = app.tenant() and l.room_type_id = t.id and l.state = 'held'
          and l.hold_expires_at <= ${nowIso}::timestamptz
      ) as has_expired
    from asked a
    cross join lateral (
      select * from room_type where tenant_id = app.tenant() and id = a.room_type_id and active offset 0
    ) t
  ), stock as materialized (
    select t.*, (
      select array_agg((i.night - ${firstNight}::date) + ${NIGHT_RADIX}::integer * greatest(0, least(${MOST_ROOMS}::integer,
        i.physical + i.overbooking - i.blocked - i.held - i.sold + case when t.has_expired then (
          select count(*)::integer from booking_line l
          where l.tenant_id = app.tenant() and l.room_type_id = t.id and l.state = 'held'
            and l.hold_expires_at <= ${nowIso}::timestamptz and l.arrival <= i.night and l.counted_until > i.night)
        else 0 end)))::text
      from inventory_night i
      where i.tenant_id = app.tenant() and i.room_type_id = t.id and ${within}
    ) as rooms
    from type t
  )
  select p.id as "propertyId", p.city_key as "cityKey", p.type, p.currency, p.latitude, p.longitude, p.rating, p.amenities,
    p.time_zone as "timeZone", p.day_starts_at as "dayStartsAt", p.taxes,
    t.id as "roomTypeId", t.max_adults as "maxAdults", t.max_children as "maxChildren",
    t.max_occupancy as "maxOccupancy", rp.id as "ratePlanId",
    jsonb_build_object('includedAdults', rp.included_adults, 'extraAdult', rp.extra_adult,
      'childPrices', rp.child_prices) as occupancy,
    t.from_night - ${firstNight}::date as "from", t.until_night - ${firstNight}::date as until, t.rooms, n.*,
    t.next_hold_end as "nextHoldEnd", t.inventory_until - ${firstNight}::date as "openedNights"
  from stock t
  cross join lateral (
    select * from property where tenant_id = app.tenant() and id = t.property_id and active offset 0
  ) p
  cross join lateral (
    select * from rate_plan where tenant_id = app.tenant() and property_id = p.id and active offset 0
  ) rp
  cross join lateral (
    select
      (array_agg((rn.night - ${firstNight}::date) + ${NIGHT_RADIX}::bigint * rn.price)
        filter (where rn.price is not null and not rn.stop_sell))::text as prices,
      (array_agg((rn.night - ${firstNight}::date) + ${NIGHT_RADIX}::bigint * (
          rn.closed_to_arrival::integer + 2 * rn.closed_to_departure::integer
          + 4 * coalesce(rn.min_stay, 0)::bigint
          + 4 * ${LIMIT_RADIX}::bigint * coalesce(rn.max_stay, ${LIMIT_RADIX - 1}::integer)))
        filter (where rn.closed_to_arrival or rn.closed_to_departure
          or rn.min_stay is not null or rn.max_stay is not null))::text as stays,
      (array_agg((rn.night - ${firstNight}::date) + ${NIGHT_RADIX}::bigint * (
          coalesce(rn.min_advance, 0) + ${LIMIT_RADIX}::bigint * coalesce(rn.max_advance, ${LIMIT_RADIX - 1}::integer)))
        filter (where rn.min_advance is not null or rn.max_advance is not null))::text as advances
    from rate_night rn
    where rn.tenant_id = app.tenant() and rn.room_type_id = t.id and rn.rate_plan_id = rp.id
      and rn.night >= t.from_night and rn.night < t.until_night
  ) n
  order by p.id`;

/** All offers of some properties, with the nights [firstNight, lastNight). */
export const readProperties = async (
  db: Sql,
  propertyIds: readonly string[],
  lastNight: LocalDate,
  reading: Reading,
): Promise<OfferRow[]> => {
  const asked = sql`
    select t.id as room_type_id, ${reading.firstNight}::date as from_night, ${lastNight}::date as until_night
    from unnest(${propertyIds}::uuid[]) as k (id)
    join room_type t on t.tenant_id = app.tenant() and t.property_id = k.id`;
  return (await offerRows(asked, MANY, reading).execute(db)).rows;
};

/** All offers of some room types, with some of their nights, which have to lie in the window. */
export const readNights = async (db: Sql, nights: readonly AskedNights[], reading: Reading): Promise<OfferRow[]> => {
  const asked = sql`
    select k.room_type_id, k.from_night, k.until_night from unnest(${nights.map(({ roomTypeId }) => roomTypeId)}::uuid[], ${nights.map(({ from }) => from)}::date[],
      ${nights.map(({ until }) => until)}::date[]) as k (room_type_id, from_night, until_night)`;
  return (await offerRows(asked, FEW, reading).execute(db)).rows;
};
