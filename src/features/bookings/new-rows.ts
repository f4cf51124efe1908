import { sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';
import { bytea, type GuestVault, type Records, type Row, toJson } from '../commands/index.ts';
import { guestRow } from '../guests/index.ts';
import { type FreeNight, type NightChange, netChanges } from '../inventory/index.ts';
import type { Draft } from './draft.ts';
import type { BookingFields, BookingLineFields } from './entity.ts';

const bookingRow = (booking: BookingFields): Row => ({
  tenant_id: booking.tenantId,
  id: booking.id,
  property_id: booking.propertyId,
  booker_id: booking.bookerId,
  user_id: booking.userId,
  code: booking.code,
  state: booking.state,
  currency: booking.currency,
  arrival: booking.arrival,
  departure: booking.departure,
  total: booking.total,
  channel: booking.channel,
  country: booking.country,
  external_ref: booking.externalRef,
  notes: booking.notes,
  hold_expires_at: booking.holdExpiresAt,
  version: booking.version,
  created_at: booking.createdAt,
  updated_at: booking.updatedAt,
});

const lineRow = (bookingId: string, line: BookingLineFields): Row => ({
  tenant_id: line.tenantId,
  id: line.id,
  booking_id: bookingId,
  line_no: line.lineNo,
  room_type_id: line.roomTypeId,
  rate_plan_id: line.ratePlanId,
  state: line.state,
  arrival: line.arrival,
  departure: line.departure,
  counted_until: line.countedUntil,
  hold_expires_at: line.holdExpiresAt,
  adults: line.adults,
  child_ages: line.childAges,
  nights: line.nights,
  taxes: line.taxes,
  terms: line.terms,
  room_charge: line.roomCharge,
  total: line.total,
  fee: line.fee,
});

/** The drafts' rows for app.add_bookings; makes the guests' keys. */
const rowsOf = (db: Sql, vault: GuestVault, drafts: readonly Draft[]): string =>
  toJson({
    guests: drafts.map(({ guest }) => guestRow(guest)),
    guest_keys: drafts.map(({ guest: { id, tenantId } }) => ({
      ...{ tenant_id: tenantId, guest_id: id },
      wrapped_key: bytea(vault.newKey(db, id)),
    })),
    bookings: drafts.map(({ booking }) => bookingRow(booking)),
    lines: drafts.flatMap(({ booking, lines }) => lines.map((line) => lineRow(booking.id, line))),
    events: drafts.map(({ booking, event, traceParent }) => ({
      booking_id: booking.id,
      trace_parent: traceParent,
      ...event,
    })),
  });

/** Writes the draft with its first event; its nights are to be taken in the same transaction. */
export const addBooking = async (db: Sql, vault: GuestVault, draft: Draft, nowIso: string): Promise<void> => {
  await sql`select app.add_bookings(${rowsOf(db, vault, [draft])}::jsonb, ${nowIso}::timestamptz)`.execute(db);
};

/** Longer than others keep a night from anybody unless something is wrong. */
const LOCK_TIMEOUT = '250ms';

/**
 * Writes the drafts with the records of their commands and takes their nights, in one round trip. Answers null then; if
 * not all nights can be had, nothing is written, and the answer is what is left of each of them: that much is certain
 * to be had until this transaction ends. Throws QUERY_TIMEOUT when somebody keeps a night locked.
 */
export const reserveNights = async (
  { sql: db, vault, nowIso }: { sql: Sql; vault: GuestVault; nowIso: string },
  drafts: readonly Draft[],
  changes: readonly NightChange[],
  recordsOf: () => Promise<Records>,
): Promise<FreeNight[] | null> => {
  // The guests' keys are made first, so that the records can be sealed with them.
  const rows = rowsOf(db, vault, drafts);
  const records = toJson(await recordsOf());
  const net = netChanges(changes);
  const left = await sql<FreeNight>`
    select room_type_id as "roomTypeId", night, available
    from app.reserve(${rows}::jsonb, ${records}::jsonb,
      ${net.map(({ roomTypeId }) => roomTypeId)}::uuid[], ${net.map(({ night }) => night)}::date[],
      ${net.map(({ held }) => held)}::integer[], ${net.map(({ sold }) => sold)}::integer[],
      ${nowIso}::timestamptz, ${LOCK_TIMEOUT})`.execute(db);
  return left.rows.length > 0 ? left.rows : null;
};
