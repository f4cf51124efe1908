import { AppError, notFound } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import { sum } from '../../kernel/money.ts';
import type { Database } from '../../platform/db/database.ts';
import { loadOffers, quoteLines } from '../availability/index.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { BookingEntity } from './entity.ts';
import * as moves from './moves.ts';
import { bookingsOf } from './own-bookings.ts';
import { getBooking, listBookings, lookUpBooking } from './queries.ts';
import { reserve, toLineRequest } from './reserve.ts';
import type { CheckInInput, HoldInput, LineInput, LinesCommand, ListInput, Quote } from './schemas.ts';
import { chosenLines } from './transition.ts';

export interface BookingsDeps {
  database: Database;
  commands: Commands;
  clock: Clock;
  ids: Ids;
  holdMinutes: number;
}

type Keyed<T> = T & { idempotencyKey: string };

const MINUTE_MS = 60_000;

/** Overriding a price is a permission of its own, on top of the procedure's. */
const mayPrice = ({ principal }: Caller, lines: LineInput[]): void => {
  const index = lines.findIndex(({ nightPrices }) => nightPrices !== undefined);
  if (index < 0 || principal.permissions.has('priceOverrides:manage')) return;
  throw new AppError('forbidden', 'FORBIDDEN', 'Overriding prices needs the permission priceOverrides:manage.', {
    fields: [{ path: `lines.${index}.nightPrices`, message: 'Not permitted.' }],
    details: { permission: 'priceOverrides:manage' },
  });
};

export const createBookingsService = ({ database, commands, clock, ids, holdMinutes }: BookingsDeps) => ({
  /** Every line's price and all that stands in its way; reads the primary and takes nothing. */
  async quote(caller: Caller, input: { lines: LineInput[]; replacesHold?: string | undefined }): Promise<Quote> {
    mayPrice(caller, input.lines);
    const requests = input.lines.map(toLineRequest);
    const ownBookings = input.replacesHold ? [input.replacesHold] : [];
    const offers = await database.read(caller.scope, 'primary', (db) =>
      loadOffers(db, requests, { nowIso: clock.nowIso(), ownBookings }),
    );
    const lines = quoteLines(requests, offers, clock.nowMs());
    const totals = lines.flatMap(({ priced }) => (priced ? [priced.total] : []));
    return {
      bookable: lines.every(({ obstacles }) => obstacles.length === 0),
      currency: lines[0]?.offer.property.currency ?? '',
      total: totals.length === lines.length ? sum(totals) : null,
      lines: lines.map(({ request, offer, priced, obstacles }) => ({
        roomTypeId: request.roomTypeId,
        ratePlanId: request.ratePlanId,
        arrival: request.arrival,
        departure: request.departure,
        bookable: obstacles.length === 0,
        obstacles,
        nights: priced?.nights ?? [],
        taxes: priced?.taxes ?? [],
        roomCharge: priced?.roomCharge ?? null,
        total: priced?.total ?? null,
        terms: offer.ratePlan.terms,
      })),
    };
  },

  hold(caller: Caller, input: HoldInput) {
    mayPrice(caller, input.lines);
    const { holdMinutes: wanted = holdMinutes, ...rest } = input;
    return commands.run(caller, 'bookings.hold', input, (command) => {
      const holdExpiresAt = new Date(command.nowMs + wanted * MINUTE_MS).toISOString();
      return reserve(command, ids, rest, { state: 'held', holdExpiresAt });
    });
  },

  create(caller: Caller, input: Omit<HoldInput, 'holdMinutes'>) {
    mayPrice(caller, input.lines);
    return commands.run(caller, 'bookings.create', input, (command) =>
      reserve(command, ids, input, { state: 'confirmed', holdExpiresAt: null }),
    );
  },

  confirm: (caller: Caller, input: Keyed<{ bookingId: string }>) =>
    commands.run(caller, 'bookings.confirm', input, (command) => moves.confirm(command, input.bookingId)),

  cancel: (caller: Caller, input: LinesCommand) =>
    commands.run(caller, 'bookings.cancel', input, (command) => moves.cancel(command, input)),

  checkIn: (caller: Caller, input: CheckInInput) =>
    commands.run(caller, 'bookings.checkIn', input, (command) => moves.checkIn(command, ids, input)),

  checkOut: (caller: Caller, input: LinesCommand) =>
    commands.run(caller, 'bookings.checkOut', input, (command) => moves.checkOut(command, input)),

  noShow: (caller: Caller, input: LinesCommand) =>
    commands.run(caller, 'bookings.noShow', input, (command) => moves.noShow(command, input)),

  /** What `cancel` would cost at this moment. */
  async cancelPreview(caller: Caller, input: { bookingId: string; lineIds?: string[] | undefined }) {
    return database.read(caller.scope, 'primary', async (_sql, em) => {
      const booking = await em.findOne(
        BookingEntity,
        { id: input.bookingId, ...bookingsOf(caller.principal) },
        { populate: ['lines'], connectionType: 'write' },
      );
      if (!booking) throw notFound('booking', 'bookingId');
      const lines = chosenLines(booking, input.lineIds, 'cancel').map((line) => {
        return { lineId: line.id, ...moves.feeOfCancelling(line, clock.nowMs()) };
      });
      return { currency: booking.currency, fee: sum(lines.map(({ fee }) => fee)), lines };
    });
  },

  async get(caller: Caller, bookingId: string) {
    const booking = await database.read(caller.scope, 'replica', (db) =>
      getBooking(db, { bookingId, ...bookingsOf(caller.principal) }),
    );
    if (!booking) throw notFound('booking', 'bookingId');
    return booking;
  },

  async lookUp(caller: Caller, { code, email }: { code: string; email: string }) {
    const booking = await database.read(caller.scope, 'replica', (db) => lookUpBooking(db, code, email));
    if (!booking) throw notFound('booking with this code and e-mail', 'code');
    return booking;
  },

  list: (caller: Caller, input: ListInput) =>
    database.read(caller.scope, 'replica', (db) => listBookings(db, { ...input, ...bookingsOf(caller.principal) })),
});

export type BookingsService = ReturnType<typeof createBookingsService>;
