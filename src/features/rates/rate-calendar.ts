import { sql } from 'kysely';
import { notFound } from '../../kernel/app-error.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Caller } from '../commands/index.ts';
import type { CalendarInput, RateCalendar } from './night.schemas.ts';

/** Prices and restrictions of every night of the range; a night without a price is not for sale on the plan. */
export const createReadCalendar =
  (database: Database) =>
  async (caller: Caller, { ratePlanId, roomTypeId, from, until }: CalendarInput): Promise<RateCalendar> => {
    const { rows } = await database.read(caller.scope, 'replica', (db) =>
      sql<RateCalendar['nights'][number] & { currency: string }>`
        select p.currency, d.night, n.price,
          coalesce(n.stop_sell, false) as "stopSell", coalesce(n.closed_to_arrival, false) as "closedToArrival",
          coalesce(n.closed_to_departure, false) as "closedToDeparture", n.min_stay as "minStay",
          n.max_stay as "maxStay", n.min_advance as "minAdvance", n.max_advance as "maxAdvance"
        from rate_plan rp
        join property p on p.tenant_id = app.tenant() and p.id = rp.property_id
        join room_type t on t.tenant_id = app.tenant() and t.property_id = p.id and t.id = ${roomTypeId}
        cross join lateral (
          select ${from}::date + k as night from generate_series(0, ${until}::date - ${from}::date - 1) as k
        ) d
        left join rate_night n on n.tenant_id = app.tenant() and n.room_type_id = t.id and n.rate_plan_id = rp.id
          and n.night = d.night
        where rp.tenant_id = app.tenant() and rp.id = ${ratePlanId}
        order by d.night`.execute(db),
    );
    const [first] = rows;
    if (!first) throw notFound('room type with this rate plan', 'roomTypeId');
    return {
      ratePlanId,
      roomTypeId,
      currency: first.currency,
      nights: rows.map(({ currency: _, ...night }) => night),
    };
  };
