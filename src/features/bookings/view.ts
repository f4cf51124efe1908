import { type Guest, toBooker } from '../guests/index.ts';
import type { BookingFields, BookingLineFields } from './entity.ts';
import type { BookingOutput } from './schemas.ts';

const toLine = (line: BookingLineFields, roomId: string | null): BookingOutput['lines'][number] => ({
  id: line.id,
  lineNo: line.lineNo,
  roomTypeId: line.roomTypeId,
  ratePlanId: line.ratePlanId,
  state: line.state,
  arrival: line.arrival,
  departure: line.departure,
  countedUntil: line.countedUntil,
  adults: line.adults,
  childAges: line.childAges,
  nights: line.nights,
  taxes: line.taxes,
  roomCharge: line.roomCharge,
  total: line.total,
  fee: line.fee,
  terms: line.terms,
  roomId,
});

/** The answer of every command on a booking. `rooms` maps line ids to assigned room ids. */
export const toBookingOutput = (
  booking: BookingFields,
  lines: readonly BookingLineFields[],
  booker: Guest,
  rooms: ReadonlyMap<string, string>,
): BookingOutput => ({
  id: booking.id,
  code: booking.code,
  state: booking.state,
  propertyId: booking.propertyId,
  currency: booking.currency,
  arrival: booking.arrival,
  departure: booking.departure,
  total: booking.total,
  channel: booking.channel ?? null,
  country: booking.country ?? null,
  externalRef: booking.externalRef ?? null,
  notes: booking.notes ?? null,
  userId: booking.userId ?? null,
  holdExpiresAt: booking.holdExpiresAt ?? null,
  version: booking.version,
  createdAt: booking.createdAt,
  updatedAt: booking.updatedAt,
  booker: toBooker(booker),
  lines: lines.toSorted((a, b) => a.lineNo - b.lineNo).map((line) => toLine(line, rooms.get(line.id) ?? null)),
});

/** What audit entries say of a booking: no personal data. */
export const auditView = ({ state, total }: BookingFields, lines: readonly BookingLineFields[]) => ({
  state,
  total,
  lines: lines.map(({ id, state, arrival, departure, countedUntil, fee }) => ({
    id,
    state,
    arrival,
    departure,
    countedUntil,
    fee,
  })),
});
