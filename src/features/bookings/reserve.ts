import { AppError } from '../../kernel/app-error.ts';
import { earliest, latest, nightsOf } from '../../kernel/dates.ts';
import type { Ids } from '../../kernel/ids.ts';
import { sum } from '../../kernel/money.ts';
import { loadOffers, type QuotedLine, quoteLines } from '../availability/index.ts';
import type { Command } from '../commands/index.ts';
import { createGuest } from '../guests/index.ts';
import { moveNights, type NightChange, notAvailable } from '../inventory/index.ts';
import { type Booking, BookingEntity, BookingLineEntity } from './entity.ts';
import { freezeTerms } from './frozen-terms.ts';
import { giveUpHold } from './give-up-hold.ts';
import type { BookingOutput, HoldInput, LineInput } from './schemas.ts';
import { auditView, toBookingOutput } from './view.ts';

const SHORTAGES = { CLOSED: 'closed', SOLD_OUT: 'sold_out' } as const;
const isShortage = (code: string): code is keyof typeof SHORTAGES => code in SHORTAGES;

/** Refuses what is known to be sold out before anything is written or locked; the ledger has the last word on the rest. */
const refuseShortages = (lines: QuotedLine[]): void => {
  const shortages = lines.flatMap(({ request: { roomTypeId }, offer, obstacles }) =>
    obstacles.flatMap(({ code, night }) => {
      if (!isShortage(code) || !night) return [];
      const available = Math.max(0, offer.nights.find((known) => known.night === night)?.available ?? 0);
      return [{ roomTypeId, night, problem: SHORTAGES[code], available }];
    }),
  );
  if (shortages.length > 0) throw notAvailable(shortages);
};

/** Throws what keeps the lines from being booked: fields first, then the terms of sale. */
const refuseObstacles = (lines: QuotedLine[]): void => {
  const obstacles = lines.flatMap((line, index) =>
    line.obstacles
      .filter(({ code }) => !isShortage(code))
      .map((obstacle) => ({ ...obstacle, path: `lines.${index}${obstacle.path ? `.${obstacle.path}` : ''}` })),
  );
  const atFault = lines.some(({ obstacles: own }) => own.some(({ path }) => path !== undefined));
  const [first] = obstacles;
  if (!first) return;
  const fields = obstacles.map(({ path, message }) => ({ path, message }));
  if (atFault) {
    const code = lines.flatMap((line) => line.obstacles).find(({ path }) => path !== undefined)?.code ?? first.code;
    throw new AppError('invalid', code, 'The stay can’t be booked as asked; see the fields.', { fields });
  }
  throw new AppError('unprocessable', first.code, first.message, { fields, details: { obstacles } });
};

export const toLineRequest = ({ adults, childAges, ...line }: LineInput) => ({ ...line, party: { adults, childAges } });

interface Target {
  state: 'held' | 'confirmed';
  /** ISO instant; null when confirmed. */
  holdExpiresAt: string | null;
}

const buildBooking = (
  command: Command,
  ids: Ids,
  input: Omit<HoldInput, 'holdMinutes'>,
  lines: QuotedLine[],
  target: Target,
  bookerId: string,
): Booking => {
  const { tenant, kind, id } = command.caller.principal;
  const priced = lines.map(({ request, offer, priced: price }) => {
    if (!price) throw new Error('a line without a price passed the quote');
    return { request, offer, price };
  });
  const property = priced[0]?.offer.property;
  if (!property) throw new Error('a booking without lines');
  const booking = command.em.create(BookingEntity, {
    id: ids.uuid(),
    tenantId: tenant,
    propertyId: property.id,
    bookerId,
    userId: kind === 'user' ? id : null,
    code: ids.confirmationCode(),
    state: target.state,
    currency: property.currency,
    arrival: earliest(priced.map(({ request }) => request.arrival)),
    departure: latest(priced.map(({ request }) => request.departure)),
    total: sum(priced.map(({ price }) => price.total)),
    channel: input.channel ?? null,
    country: input.country ?? input.booker.country ?? null,
    externalRef: input.externalRef ?? null,
    notes: input.notes ?? null,
    holdExpiresAt: target.holdExpiresAt,
    version: 1,
    createdAt: command.nowIso,
    updatedAt: command.nowIso,
  });
  priced.forEach(({ request, offer, price }, index) => {
    const line = command.em.create(BookingLineEntity, {
      id: ids.uuid(),
      tenantId: tenant,
      booking,
      lineNo: index + 1,
      roomTypeId: request.roomTypeId,
      ratePlanId: request.ratePlanId,
      state: target.state,
      arrival: request.arrival,
      departure: request.departure,
      countedUntil: request.departure,
      holdExpiresAt: target.holdExpiresAt,
      adults: request.party.adults,
      childAges: request.party.childAges,
      nights: price.nights,
      taxes: price.taxes,
      terms: freezeTerms(offer),
      roomCharge: price.roomCharge,
      total: price.total,
      fee: 0,
    });
    booking.lines.add(line);
  });
  command.em.persist(booking);
  return booking;
};

/**
 * Takes the nights of all lines and writes the booking, all or nothing. Throws NOT_FOUND, the obstacles' codes
 * (NO_NIGHTS, PAST_ARRIVAL, RESTRICTED, NO_PRICE, ...) or NOT_AVAILABLE with the nights that are short.
 */
export const reserve = async (
  command: Command,
  ids: Ids,
  input: Omit<HoldInput, 'holdMinutes'>,
  target: Target,
): Promise<BookingOutput> => {
  const requests = input.lines.map(toLineRequest);
  const ownBookings = input.replacesHold ? [input.replacesHold] : [];
  const offers = await loadOffers(command.sql, requests, { nowIso: command.nowIso, ownBookings });
  const lines = quoteLines(requests, offers, command.nowMs);
  refuseObstacles(lines);

  const column = target.state === 'held' ? 'held' : 'sold';
  const changes: NightChange[] = requests.flatMap((request) =>
    nightsOf(request.arrival, request.departure).map((night) => ({
      roomTypeId: request.roomTypeId,
      night,
      [column]: 1,
    })),
  );
  const { sql: db, nowIso } = command;
  if (input.replacesHold) {
    const givenUp = await giveUpHold(command, input.replacesHold);
    await moveNights(db, [...changes, ...givenUp.changes], { bookings: [givenUp.booking], nowIso });
    await givenUp.finish();
  } else {
    refuseShortages(lines);
    // Nobody else sees the new booking's rows, so they may be written first and the nights, which others want, last.
    command.beforeCommit(() => moveNights(db, changes, { bookings: [], nowIso }));
  }

  const guest = await createGuest(command, ids, input.booker);
  const booking = buildBooking(command, ids, input, lines, target, guest.id);
  await command.em.flush();
  if (target.holdExpiresAt === null) await command.event(booking.id, 'booking.confirmed', {});
  else await command.event(booking.id, 'booking.held', { holdExpiresAt: target.holdExpiresAt });
  const priceOverrides = input.lines.flatMap(({ nightPrices }, index) =>
    nightPrices ? [{ lineNo: index + 1, nightPrices }] : [],
  );
  command.audit({
    entity: 'booking',
    entityId: booking.id,
    after: { ...auditView(booking), ...(priceOverrides.length ? { priceOverrides } : {}) },
    personal: { guestId: guest.id, after: input.booker },
  });
  command.answerHoldsDataOf(guest.id);
  return toBookingOutput(booking, guest, new Map());
};
