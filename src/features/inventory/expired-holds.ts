import { sql } from 'kysely';
import type { LocalDate } from '../../kernel/dates.ts';
import type { Sql } from '../../platform/db/database.ts';

/**
 * Locks nights of a room type, in the ledger's order and together with those of expired holds on them, and releases
 * those holds: what the nights count afterwards is really taken.
 */
export const lockWithoutExpired = async (
  db: Sql,
  roomTypeId: string,
  nights: readonly LocalDate[],
  nowIso: string,
): Promise<void> => {
  const expired = await sql<{ bookings: string[] }>`
    select coalesce(array_agg(distinct l.booking_id), '{}') as bookings from booking_line l
    where l.tenant_id = app.tenant() and l.room_type_id = ${roomTypeId} and l.state = 'held'
      and l.hold_expires_at <= ${nowIso}::timestamptz
      and exists (
        select from unnest(${[...nights]}::date[]) as n (night) where l.arrival <= n.night and l.counted_until > n.night
      )`.execute(db);
  const bookings = expired.rows[0]?.bookings ?? [];
  await sql`
    select app.lock_nights(${nights.map(() => roomTypeId)}::uuid[] || h.room_types,
      ${[...nights]}::date[] || h.nights, ${bookings}::uuid[])
    from app.held_nights(${bookings}::uuid[]) h`.execute(db);
  if (bookings.length > 0) await sql`select app.expire_holds(${bookings}::uuid[], ${nowIso}::timestamptz)`.execute(db);
};
