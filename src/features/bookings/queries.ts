import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { addDays } from '../../kernel/dates.ts';
import { foldEmail, foldPhone, foldText } from '../../kernel/folding.ts';
import { cappedTotal, TOTAL_CAP } from '../../kernel/totals.ts';
import { decodeCursor, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
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

const MAX_STAY = 366;

/** Ids of bookings that `text` names exactly, or whose booker's name begins with it; each branch has its index. */
const namedBy = (text: string): RawBuilder<unknown> => {
  const name = foldText(text);
  const digits = foldPhone(text);
  return sql`b.id in (
    select id from booking where tenant_id = app.tenant() and code = ${text.toUpperCase()}
    union all
    select id from booking where tenant_id = app.tenant() and external_ref = ${text}
    union all
    select n.id from guest g join booking n on n.tenant_id = app.tenant() and n.booker_id = g.id
    where g.tenant_id = app.tenant() and g.email_key = ${foldEmail(text)}
    union all
    select n.id from guest g join booking n on n.tenant_id = app.tenant() and n.booker_id = g.id
    where g.tenant_id = app.tenant() and g.phone_key = ${digits} and ${digits.length >= 6}
    union all
    select n.id from guest g join booking n on n.tenant_id = app.tenant() and n.booker_id = g.id
    where g.tenant_id = app.tenant() and g.name_key >= ${name} and g.name_key < ${`${name}\u{10ffff}`})`;
};

const conditions = (input: ListInput): RawBuilder<unknown>[] => [
  sql`b.tenant_id = app.tenant()`,
  ...(input.propertyId ? [sql`b.property_id = ${input.propertyId}`] : []),
  ...(input.userId ? [sql`b.user_id = ${input.userId}`] : []),
  ...(input.guestId ? [sql`b.booker_id = ${input.guestId}`] : []),
  ...(input.states ? [sql`b.state = any (${input.states}::text[])`] : []),
  ...(input.arrivalFrom ? [sql`b.arrival >= ${input.arrivalFrom}`] : []),
  ...(input.arrivalUntil ? [sql`b.arrival < ${input.arrivalUntil}`] : []),
  // A stay has at most MAX_STAY nights, which bounds the index range from below.
  ...(input.stayFrom
    ? [sql`b.departure > ${input.stayFrom} and b.arrival > ${addDays(input.stayFrom, -2 * MAX_STAY)}`]
    : []),
  ...(input.stayUntil ? [sql`b.arrival < ${input.stayUntil}`] : []),
  ...(input.channel ? [sql`b.channel = ${input.channel}`] : []),
  ...(input.externalRef ? [sql`b.external_ref = ${input.externalRef}`] : []),
  ...(input.text ? [namedBy(input.text)] : []),
];

const position = z.tuple([z.iso.datetime(), z.uuid()]);

/** Newest first; the page, its cursor and, if asked for, the total in one statement. */
export const listBookings = async (db: Sql, input: ListInput) => {
  const wanted = sql.join(conditions(input), sql` and `);
  const after = input.cursor ? decodeCursor(input.cursor, position) : null;
  const total = sql`(select count(*) from (select from booking b where ${wanted} limit ${TOTAL_CAP + 1}) counted)`;
  const { rows } = await sql<{ booking: BookingOutput | null; total: number }>`
    select t.total, case when b.id is not null then ${bookingJson} end as booking
    from (select ${input.withTotal ? total : sql`0`} as total) t
    left join (
      select * from booking b
      where ${wanted} ${after ? sql`and (b.created_at, b.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by b.created_at desc, b.id desc
      limit ${input.limit + 1}
    ) b on true
    order by b.created_at desc, b.id desc`.execute(db);
  const bookings = rows.flatMap(({ booking }) => (booking ? [booking] : []));
  const page = toPage(bookings, input.limit, ({ createdAt, id }) => [createdAt, id]);
  return input.withTotal ? { ...page, ...cappedTotal(rows[0]?.total ?? 0) } : page;
};
