import { sql } from 'kysely';
import { z } from 'zod';
import { foldEmail } from '../../kernel/folding.ts';
import { cappedTotal } from '../../kernel/totals.ts';
import { decodeCursor, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import { matchCount, pageRows } from './list-rows.ts';
import type { BookingOutput, ListInput } from './schemas.ts';

/** Everything that an answer shows of booking `b`, as one JSON value a row: one statement, whatever the page's size. */
const bookingJson = sql`
  jsonb_build_object('id', b.id, 'code', b.code, 'state', b.state, 'propertyId', b.property_id, 'currency', b.currency,
    'arrival', b.arrival, 'departure', b.departure, 'total', b.total, 'channel', b.channel, 'country', b.country,
    'externalRef', b.external_ref, 'notes', b.notes, 'userId', b.user_id, 'holdExpiresAt', app.iso(b.hold_expires_at),
    'version', b.version, 'createdAt', app.iso(b.created_at), 'updatedAt', app.iso(b.updated_at),
    'booker', (
      select jsonb_build_object('guestId', g.id, 'name', g.name, 'email', g.email, 'phone', g.phone, 'country', g.country)
      from guest g where g.tenant_id = app.tenant() and g.id = b.booker_id),
    'lines', (
      select jsonb_agg(jsonb_build_object('id', l.id, 'lineNo', l.line_no, 'roomTypeId', l.room_type_id,
        'ratePlanId', l.rate_plan_id, 'state', l.state, 'arrival', l.arrival, 'departure', l.departure,
        'countedUntil', l.counted_until, 'adults', l.adults, 'childAges', l.child_ages, 'nights', l.nights,
        'taxes', l.taxes, 'terms', l.terms, 'roomCharge', l.room_charge, 'total', l.total, 'fee', l.fee,
        'roomId', (select s.room_id from room_stay s where s.tenant_id = app.tenant() and s.line_id = l.id limit 1)
      ) order by l.line_no)
      from booking_line l where l.tenant_id = app.tenant() and l.booking_id = b.id))`;

interface Row {
  booking: BookingOutput;
}

/** Null when there is no such booking. */
export const getBooking = async (
  db: Sql,
  { bookingId, userId }: { bookingId: string; userId?: string },
): Promise<BookingOutput | null> => {
  const { rows } = await sql<Row>`
    select ${bookingJson} as booking from booking b
    where b.tenant_id = app.tenant() and b.id = ${bookingId} ${userId ? sql`and b.user_id = ${userId}` : sql``}`.execute(
    db,
  );
  return rows[0]?.booking ?? null;
};

/** A guest's own look-up: both the code and the booker's e-mail must fit. */
export const lookUpBooking = async (db: Sql, code: string, email: string): Promise<BookingOutput | null> => {
  const { rows } = await sql<Row>`
    select ${bookingJson} as booking
    from booking b join guest g on g.tenant_id = app.tenant() and g.id = b.booker_id
    where b.tenant_id = app.tenant() and b.code = ${code} and g.email_key = ${foldEmail(email)}`.execute(db);
  return rows[0]?.booking ?? null;
};

const position = z.tuple([z.iso.datetime(), z.uuid()]);

/** Newest first; the page, its cursor and, if asked for, the total in one statement. */
export const listBookings = async (db: Sql, input: ListInput) => {
  const after = input.cursor ? decodeCursor(input.cursor, position) : null;
  const { rows } = await sql<{ booking: BookingOutput | null; total: number }>`
    select t.total, case when b.id is not null then ${bookingJson} end as booking
    from (select ${input.withTotal ? matchCount(input) : sql`0`} as total) t
    left join ${pageRows(input, after)} b on true
    order by b.created_at desc, b.id desc`.execute(db);
  const bookings = rows.flatMap(({ booking }) => (booking ? [booking] : []));
  const page = toPage(bookings, input.limit, ({ createdAt, id }) => [createdAt, id]);
  return input.withTotal ? { ...page, ...cappedTotal(rows[0]?.total ?? 0) } : page;
};
