import { notFound } from '../../kernel/app-error.ts';
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
import { toLineRequest } from './reserve.ts';
import { createReserveRooms, mayPrice, type Sharing } from './reserve-rooms.ts';
import type { CheckInInput, CreateInput, HoldInput, LineInput, LinesCommand, ListInput, Quote } from './schemas.ts';
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

export const createBookingsService = (deps: BookingsDeps, sharing?: Sharing) => {
  const { database, commands, clock, ids, holdMinutes } = deps;
  const reserveRooms = createReserveRooms(deps, sharing);
  return {
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
      const lastsMs = (input.holdMinutes ?? holdMinutes) * MINUTE_MS;
      return reserveRooms(caller, 'bookings.hold', input, (nowMs) => ({
        state: 'held',
        holdExpiresAt: new Date(nowMs + lastsMs).toISOString(),
      }));
    },

    create: (caller: Caller, input: CreateInput) =>
      reserveRooms(caller, 'bookings.create', input, () => ({ state: 'confirmed', holdExpiresAt: null })),

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
        const booking = await em().findOne(
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
  };
};

export type BookingsService = ReturnType<typeof createBookingsService>;
