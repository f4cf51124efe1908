import { earliest, latest, nightsOf } from '../../kernel/dates.ts';
import type { Ids } from '../../kernel/ids.ts';
import { sum } from '../../kernel/money.ts';
import type { QuotedLine } from '../availability/index.ts';
import type { AuditNote, Caller } from '../commands/index.ts';
import { type Guest, newGuest } from '../guests/index.ts';
import type { NightChange } from '../inventory/index.ts';
import type { BookingFields, BookingLineFields } from './entity.ts';
import { freezeTerms } from './frozen-terms.ts';
import type { BookingOutput, CreateInput } from './schemas.ts';
import { auditView, toBookingOutput } from './view.ts';

/** What a reservation makes of its lines. */
export interface Target {
  state: 'held' | 'confirmed';
  /** ISO instant; null when confirmed. */
  holdExpiresAt: string | null;
}

/** A new booking with all that goes with it, before anything is written. */
export interface Draft {
  guest: Guest;
  booking: BookingFields;
  lines: BookingLineFields[];
  event: { type: 'booking.held' | 'booking.confirmed'; payload: Record<string, unknown> };
  /** Of what recorded the call, as a W3C traceparent. */
  traceParent: string | null;
  note: AuditNote;
  answer: BookingOutput;
}

/** The nights that the lines take. */
export const nightsTaken = (
  lines: readonly { roomTypeId: string; arrival: string; departure: string }[],
  { state }: Target,
): NightChange[] =>
  lines.flatMap(({ roomTypeId, arrival, departure }) =>
    nightsOf(arrival, departure).map((night) => ({ roomTypeId, night, [state === 'held' ? 'held' : 'sold']: 1 })),
  );

const draftLine = (
  ids: Ids,
  tenantId: string,
  { request, offer, priced }: QuotedLine,
  lineNo: number,
  target: Target,
): BookingLineFields => {
  if (!priced) throw new Error('a line without a price passed the quote');
  return {
    id: ids.uuid(),
    tenantId,
    lineNo,
    roomTypeId: request.roomTypeId,
    ratePlanId: request.ratePlanId,
    state: target.state,
    arrival: request.arrival,
    departure: request.departure,
    countedUntil: request.departure,
    holdExpiresAt: target.holdExpiresAt,
    adults: request.party.adults,
    childAges: request.party.childAges,
    nights: priced.nights,
    taxes: priced.taxes,
    terms: freezeTerms(offer),
    roomCharge: priced.roomCharge,
    total: priced.total,
    fee: 0,
  };
};

/** The booking that these quoted lines make; throws when one of them has no price. */
export const draftBooking = (
  ids: Ids,
  { caller, nowIso }: { caller: Caller; nowIso: string },
  input: CreateInput,
  quoted: readonly QuotedLine[],
  target: Target,
): Draft => {
  const { tenant, kind, id } = caller.principal;
  const property = quoted[0]?.offer.property;
  if (!property) throw new Error('a booking without lines');
  const guest = newGuest(ids.uuid(), tenant, nowIso, input.booker);
  const lines = quoted.map((line, index) => draftLine(ids, tenant, line, index + 1, target));
  const booking: BookingFields = {
    id: ids.uuid(),
    tenantId: tenant,
    propertyId: property.id,
    bookerId: guest.id,
    userId: kind === 'user' ? id : null,
    code: ids.confirmationCode(),
    state: target.state,
    currency: property.currency,
    arrival: earliest(lines.map(({ arrival }) => arrival)),
    departure: latest(lines.map(({ departure }) => departure)),
    total: sum(lines.map(({ total }) => total)),
    channel: input.channel ?? null,
    country: input.country ?? input.booker.country ?? null,
    externalRef: input.externalRef ?? null,
    notes: input.notes ?? null,
    holdExpiresAt: target.holdExpiresAt,
    version: 1,
    createdAt: nowIso,
    updatedAt: nowIso,
  };
  const priceOverrides = input.lines.flatMap(({ nightPrices }, index) =>
    nightPrices ? [{ lineNo: index + 1, nightPrices }] : [],
  );
  const { holdExpiresAt } = target;
  return {
    ...{ guest, booking, lines },
    traceParent: caller.scope.trace?.parent ?? null,
    event:
      holdExpiresAt === null
        ? { type: 'booking.confirmed', payload: {} }
        : { type: 'booking.held', payload: { holdExpiresAt } },
    note: {
      entity: 'booking',
      entityId: booking.id,
      after: { ...auditView(booking, lines), ...(priceOverrides.length ? { priceOverrides } : {}) },
      personal: { guestId: guest.id, after: input.booker },
    },
    answer: toBookingOutput(booking, lines, guest, new Map()),
  };
};
