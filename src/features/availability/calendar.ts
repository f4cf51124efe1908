import { sql } from 'kysely';
import { z } from 'zod';
import { daysBetween } from '../../kernel/dates.ts';
import { id, localDate } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';

const MAX_DAYS = 400;

export const calendarInput = z
  .strictObject({ roomTypeId: id, ratePlanId: id, from: localDate, until: localDate })
  .refine(({ from, until }) => daysBetween(from, until) >= 1 && daysBetween(from, until) <= MAX_DAYS, {
    path: ['until'],
    message: `Must lie 1 to ${MAX_DAYS} days after from.`,
  });
export type CalendarInput = z.infer<typeof calendarInput>;

const limit = z.int().nullable();
export const calendarOutput = z.strictObject({
  nights: z.array(
    z
      .strictObject({
        night: localDate,
        available: z.int().meta({ description: 'Rooms left; 0 for a closed night.' }),
        price: z.int().nullable().meta({ description: 'Minor units; null when not for sale on this plan.' }),
        stopSell: z.boolean(),
        closedToArrival: z.boolean(),
        closedToDeparture: z.boolean(),
        minStay: limit,
        maxStay: limit,
        minAdvance: limit,
        maxAdvance: limit,
      })
      .meta({ id: 'CalendarNight' }),
  ),
});
type Night = z.infer<typeof calendarOutput>['nights'][number];

/** Every night of the range in order; null when room type and plan are not of one property of this tenant. */
export const calendar = async (db: Sql, input: CalendarInput, nowIso: string): Promise<Night[] | null> => {
  const { rows } = await sql<{ nights: Night[] | null }>`
    select jsonb_agg(jsonb_build_object('night', d.night, 'price', rn.price, 'available', greatest(0, coalesce(
        i.physical + i.overbooking - i.blocked - i.sold - i.held + (
          select count(*) from booking_line l
          where l.tenant_id = app.tenant() and l.room_type_id = t.id and l.state = 'held'
            and l.hold_expires_at <= ${nowIso}::timestamptz and l.arrival <= d.night and l.counted_until > d.night), 0)),
      'stopSell', coalesce(rn.stop_sell, false), 'closedToArrival', coalesce(rn.closed_to_arrival, false),
      'closedToDeparture', coalesce(rn.closed_to_departure, false), 'minStay', rn.min_stay, 'maxStay', rn.max_stay,
      'minAdvance', rn.min_advance, 'maxAdvance', rn.max_advance) order by d.night) as nights
    from room_type t
    join rate_plan rp on rp.tenant_id = app.tenant() and rp.id = ${input.ratePlanId} and rp.property_id = t.property_id
    cross join (select ${input.from}::date + k as night
      from generate_series(0, ${input.until}::date - ${input.from}::date - 1) k) d
    left join inventory_night i on i.tenant_id = app.tenant() and i.room_type_id = t.id and i.night = d.night
    left join rate_night rn on rn.tenant_id = app.tenant() and rn.room_type_id = t.id and rn.rate_plan_id = rp.id
      and rn.night = d.night
    where t.tenant_id = app.tenant() and t.id = ${input.roomTypeId}`.execute(db);
  return rows[0]?.nights ?? null;
};
