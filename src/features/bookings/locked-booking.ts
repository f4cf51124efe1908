import { sql } from 'kysely';
import { notFound } from '../../kernel/app-error.ts';
import { nightsOf } from '../../kernel/dates.ts';
import type { Command } from '../commands/index.ts';
import { type Guest, GuestEntity } from '../guests/index.ts';
import type { NightChange } from '../inventory/index.ts';
import { type Booking, BookingEntity, type BookingLine } from './entity.ts';
import { bookingsOf } from './own-bookings.ts';
import { countsNights, type LineState } from './states.ts';

/** The booking with its lines, as of now, without a lock. Throws NOT_FOUND at `path`. */
export const findBooking = async (command: Command, bookingId: string, path = 'bookingId'): Promise<Booking> => {
  const allowed = bookingsOf(command.caller.principal);
  const booking = await command.em.findOne(BookingEntity, { id: bookingId, ...allowed }, { populate: ['lines'] });
  if (!booking) throw notFound('booking', path);
  return booking;
};

/** How a line's counted nights change when it goes to `state` and counts until `countedUntil`. */
export const nightChanges = (line: BookingLine, state: LineState, countedUntil: string): NightChange[] => {
  const before = countsNights(line.state);
  const after = countsNights(state);
  return [
    ...(before
      ? nightsOf(line.arrival, line.countedUntil).map((night) => ({ roomTypeId: line.roomTypeId, night, [before]: -1 }))
      : []),
    ...(after
      ? nightsOf(line.arrival, countedUntil).map((night) => ({ roomTypeId: line.roomTypeId, night, [after]: 1 }))
      : []),
  ];
};

export const bookerOf = async (command: Command, booking: Booking): Promise<Guest> => {
  const guest = await command.em.findOne(GuestEntity, { id: booking.bookerId });
  if (!guest) throw new Error(`booking ${booking.id} has no booker`);
  return guest;
};

/** Room ids by line id, for lines that have a room. */
export const roomsOf = async (command: Command, booking: Booking): Promise<Map<string, string>> => {
  const { rows } = await sql<{ line_id: string; room_id: string }>`
    select s.line_id, s.room_id from room_stay s
    join booking_line l on l.tenant_id = app.tenant() and l.id = s.line_id
    where s.tenant_id = app.tenant() and l.booking_id = ${booking.id}`.execute(command.sql);
  return new Map(rows.map((row) => [row.line_id, row.room_id]));
};
