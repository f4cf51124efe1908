import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/db/column-types.ts';
import type { PricedNight, PricedTax } from '../rates/index.ts';
import type { FrozenTerms } from './frozen-terms.ts';
import type { LineState } from './states.ts';

/** One room's stay within a booking, with price, taxes and terms as sold. */
export const BookingLineEntity = defineEntity({
  name: 'BookingLine',
  tableName: 'booking_line',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    booking: () => p.manyToOne(BookingEntity),
    lineNo: p.integer(),
    roomTypeId: p.uuid(),
    ratePlanId: p.uuid(),
    state: p.string().$type<LineState>(),
    arrival: p.string().columnType('date'),
    departure: p.string().columnType('date'),
    countedUntil: p.string().columnType('date'),
    holdExpiresAt: instantColumn().nullable(),
    adults: p.integer(),
    childAges: p.array((age) => Number(age)).columnType('integer[]'),
    nights: p.json<PricedNight[]>(),
    taxes: p.json<PricedTax[]>(),
    terms: p.json<FrozenTerms>(),
    roomCharge: p.bigint('number'),
    total: p.bigint('number'),
    fee: p.bigint('number'),
  },
});

/** One booker's lines. Its state and dates are derived from them; event numbers belong to the ledger and are not mapped. */
export const BookingEntity = defineEntity({
  name: 'Booking',
  tableName: 'booking',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    propertyId: p.uuid(),
    bookerId: p.uuid(),
    userId: p.uuid().nullable(),
    code: p.string(),
    state: p.string().$type<LineState>(),
    currency: p.string(),
    arrival: p.string().columnType('date'),
    departure: p.string().columnType('date'),
    total: p.bigint('number'),
    channel: p.string().nullable(),
    country: p.string().nullable(),
    externalRef: p.string().nullable(),
    notes: p.string().nullable(),
    holdExpiresAt: instantColumn().nullable(),
    // Counted up by every change, also one that leaves the booking's own columns as they are: what is written was reckoned
    // from all of its lines.
    version: p.integer().concurrencyCheck(),
    createdAt: instantColumn(),
    updatedAt: instantColumn(),
    lines: () => p.oneToMany(BookingLineEntity).mappedBy('booking'),
  },
});

export type Booking = InferEntity<typeof BookingEntity>;
export type BookingLine = InferEntity<typeof BookingLineEntity>;

/** What a booking's row holds, without its lines. */
export type BookingFields = Omit<Booking, 'lines'>;
/** What a line's row holds, without its booking. */
export type BookingLineFields = Omit<BookingLine, 'booking'>;
