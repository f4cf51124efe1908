import { type RawBuilder, sql } from 'kysely';
import type { LocalDate } from '../../kernel/dates.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { NightRestrictions, OccupancyPricing, RatePlanTerms, TaxRule } from '../rates/index.ts';

/** One room type on one rate plan for some nights. */
export interface OfferRequest {
  roomTypeId: string;
  ratePlanId: string;
  arrival: LocalDate;
  departure: LocalDate;
}

export interface OfferNight extends NightRestrictions {
  night: LocalDate;
  /** Minor units; null when the plan has no price that night. */
  price: number | null;
  /** Rooms that can still be taken, expired holds not counted; null when the night is closed. */
  available: number | null;
}

/** All that decides whether and for how much a stay can be sold, as it is now. */
export interface Offer {
  property: {
    id: string;
    active: boolean;
    timeZone: string;
    currency: string;
    checkInTime: string;
    dayStartsAt: string;
    taxes: TaxRule[];
  };
  roomType: { id: string; active: boolean; maxAdults: number; maxChildren: number; maxOccupancy: number };
  ratePlan: { id: string; active: boolean; occupancy: OccupancyPricing; terms: RatePlanTerms };
  /** The nights of the stay and, last, the departure date, whose row may close it to departure. */
  nights: OfferNight[];
}

/** An offer with the place of its request, from 1. */
export type NumberedOffer = Offer & { line: number };

/**
 * A statement for the offers of all requests, without rows where room type or plan is unknown or they are not of one
 * property. Live holds of `ownBookings` count as free, since they are the asker's.
 */
export const selectOffers = (
  requests: readonly OfferRequest[],
  { nowIso, ownBookings = [] }: { nowIso: string; ownBookings?: string[] },
): RawBuilder<NumberedOffer> => {
  const column = <K extends keyof OfferRequest>(key: K) => requests.map((request) => request[key]);
  return sql<NumberedOffer>`
    select r.line::integer as line,
      jsonb_build_object('id', p.id, 'active', p.active, 'timeZone', p.time_zone, 'currency', p.currency,
        'checkInTime', p.check_in_time, 'dayStartsAt', p.day_starts_at, 'taxes', p.taxes) as property,
      jsonb_build_object('id', t.id, 'active', t.active, 'maxAdults', t.max_adults, 'maxChildren', t.max_children,
        'maxOccupancy', t.max_occupancy) as "roomType",
      jsonb_build_object('id', rp.id, 'active', rp.active, 'terms', rp.terms, 'occupancy', jsonb_build_object(
        'includedAdults', rp.included_adults, 'extraAdult', rp.extra_adult, 'childPrices', rp.child_prices)
      ) as "ratePlan",
      n.nights
    from unnest(${column('roomTypeId')}::uuid[], ${column('ratePlanId')}::uuid[], ${column('arrival')}::date[],
      ${column('departure')}::date[]) with ordinality as r (room_type_id, rate_plan_id, arrival, departure, line)
    join room_type t on t.tenant_id = app.tenant() and t.id = r.room_type_id
    join property p on p.tenant_id = app.tenant() and p.id = t.property_id
    join rate_plan rp on rp.tenant_id = app.tenant() and rp.id = r.rate_plan_id and rp.property_id = p.id
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('night', d.night, 'price', rn.price,
        'available', i.physical + i.overbooking - i.blocked - i.sold - i.held + (
          select count(*) from booking_line l
          where l.tenant_id = app.tenant() and l.room_type_id = r.room_type_id and l.state = 'held'
            and (l.hold_expires_at <= ${nowIso}::timestamptz or l.booking_id = any (${ownBookings}::uuid[]))
            and l.arrival <= d.night and l.counted_until > d.night),
        'stopSell', coalesce(rn.stop_sell, false), 'closedToArrival', coalesce(rn.closed_to_arrival, false),
        'closedToDeparture', coalesce(rn.closed_to_departure, false), 'minStay', rn.min_stay,
        'maxStay', rn.max_stay, 'minAdvance', rn.min_advance, 'maxAdvance', rn.max_advance
      ) order by d.night), '[]') as nights
      from (select r.arrival + k as night from generate_series(0, least(r.departure - r.arrival, 366)) k) d
      left join rate_night rn on rn.tenant_id = app.tenant() and rn.room_type_id = r.room_type_id
        and rn.rate_plan_id = r.rate_plan_id and rn.night = d.night
        and rn.night between r.arrival and r.departure
      left join inventory_night i on i.tenant_id = app.tenant() and i.room_type_id = r.room_type_id and i.night = d.night
        and i.night between r.arrival and r.departure
    ) n`;
};

/** Loads the offers of all requests in one statement, in their order; null where there is none. */
export const loadOffers = async (
  db: Sql,
  requests: OfferRequest[],
  options: { nowIso: string; ownBookings?: string[] },
): Promise<(Offer | null)[]> => {
  const { rows } = await selectOffers(requests, options).execute(db);
  const byLine = new Map(rows.map(({ line, ...offer }) => [line, offer]));
  return requests.map((_, index) => byLine.get(index + 1) ?? null);
};
