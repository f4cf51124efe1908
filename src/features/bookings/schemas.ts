import { z } from 'zod';
import { personal } from '../../kernel/private-fields.ts';
import { totalInput, totalOutput } from '../../kernel/totals.ts';
import { country, currency, id, instant, localDate, pageInput, pageOf, text } from '../../kernel/wire.ts';
import { obstacle } from '../availability/index.ts';
import { idempotencyKey } from '../commands/index.ts';
import { bookerInput, bookerOutput } from '../guests/index.ts';
import { amountMinor, ratePlanTerms } from '../rates/index.ts';
import { LINE_STATES } from './states.ts';

const state = z.enum(LINE_STATES);
const amount = z.int().meta({ description: 'Minor units of the currency.' });

/** One room for some nights. */
export const lineInput = z
  .strictObject({
    roomTypeId: id,
    ratePlanId: id,
    arrival: localDate,
    departure: localDate,
    adults: z.int().min(0).max(100),
    childAges: z.array(z.int().min(0).max(17)).max(20).default([]).meta({ description: 'Whole years at arrival.' }),
    nightPrices: z
      .array(amountMinor)
      .max(366)
      .optional()
      .meta({ description: 'A price for each night in place of the plan’s; needs priceOverrides:manage.' }),
  })
  .meta({ id: 'LineRequest' });
export type LineInput = z.infer<typeof lineInput>;

const lines = z.array(lineInput).min(1).max(20);

export const quoteInput = z.strictObject({
  lines,
  replacesHold: id.optional().meta({ description: 'A hold of your own that would be given up for this.' }),
});

const pricedNight = z.strictObject({ night: localDate, price: amount, extras: amount });
const pricedTax = z.strictObject({
  code: z.string(),
  name: z.string(),
  kind: z.string(),
  included: z.boolean(),
  amount,
});

export const quoteOutput = z
  .strictObject({
    bookable: z.boolean(),
    currency,
    total: amount.nullable(),
    lines: z.array(
      z.strictObject({
        roomTypeId: id,
        ratePlanId: id,
        arrival: localDate,
        departure: localDate,
        bookable: z.boolean(),
        obstacles: z.array(obstacle),
        nights: z.array(pricedNight),
        taxes: z.array(pricedTax),
        roomCharge: amount.nullable(),
        total: amount.nullable(),
        terms: ratePlanTerms,
      }),
    ),
  })
  .meta({ id: 'Quote' });
export type Quote = z.infer<typeof quoteOutput>;

export const createInput = z.strictObject({
  idempotencyKey,
  lines,
  booker: bookerInput,
  channel: text(64).optional(),
  country: country.optional(),
  externalRef: text(128).optional(),
  notes: text(2000).optional(),
  replacesHold: id.optional(),
});
export type CreateInput = z.infer<typeof createInput>;
export const holdInput = createInput.extend({ holdMinutes: z.int().min(1).max(1440).optional() });
export type HoldInput = z.infer<typeof holdInput>;

/** A command on one booking, or on some of its lines. */
export const bookingCommand = z.strictObject({ idempotencyKey, bookingId: id });
export const linesCommand = bookingCommand.extend({
  lineIds: z.array(id).min(1).max(20).optional().meta({ description: 'All lines unless given.' }),
});
export type LinesCommand = z.infer<typeof linesCommand>;
export const checkInInput = linesCommand.extend({
  rooms: z
    .array(z.strictObject({ lineId: id, roomId: id }))
    .max(20)
    .default([]),
});
export type CheckInInput = z.infer<typeof checkInInput>;

export const cancelPreviewInput = linesCommand.omit({ idempotencyKey: true });
export const cancelPreviewOutput = z
  .strictObject({
    currency,
    fee: amount,
    lines: z.array(z.strictObject({ lineId: id, fee: amount, hoursBefore: z.number() })),
  })
  .meta({ id: 'CancellationPreview' });

export const bookingLineOutput = z
  .strictObject({
    id,
    lineNo: z.int(),
    roomTypeId: id,
    ratePlanId: id,
    state,
    arrival: localDate,
    departure: localDate,
    countedUntil: localDate.meta({ description: 'Nights from arrival until this date count as taken.' }),
    adults: z.int(),
    childAges: z.array(z.int()),
    nights: z.array(pricedNight),
    taxes: z.array(pricedTax),
    roomCharge: amount,
    total: amount,
    fee: amount.meta({ description: 'Cancellation or no-show fee.' }),
    terms: ratePlanTerms.extend({ checkInTime: z.string(), timeZone: z.string(), dayStartsAt: z.string() }),
    roomId: id.nullable(),
  })
  .meta({ id: 'BookingLine' });

export const bookingOutput = z
  .strictObject({
    id,
    code: z.string(),
    state,
    propertyId: id,
    currency,
    arrival: localDate,
    departure: localDate,
    total: amount,
    channel: z.string().nullable(),
    country: z.string().nullable(),
    externalRef: z.string().nullable(),
    notes: personal(z.string()).nullable(),
    userId: id.nullable(),
    holdExpiresAt: instant.nullable(),
    version: z.int(),
    createdAt: instant,
    updatedAt: instant,
    booker: bookerOutput,
    lines: z.array(bookingLineOutput),
  })
  .meta({ id: 'Booking' });
export type BookingOutput = z.infer<typeof bookingOutput>;

export const lookupInput = z.strictObject({
  code: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[0-9A-Z]{10}$/, 'Not a confirmation code.'),
  email: personal(z.email()),
});

export const listInput = z.strictObject({
  ...pageInput,
  propertyId: id.optional(),
  userId: id.optional(),
  guestId: id.optional(),
  states: z.array(state).min(1).optional(),
  /** Stays that touch [from, until). */
  stayFrom: localDate.optional(),
  stayUntil: localDate.optional(),
  arrivalFrom: localDate.optional(),
  arrivalUntil: localDate.optional(),
  channel: text(64).optional(),
  externalRef: text(128).optional(),
  text: text(100).optional().meta({
    description: 'A confirmation code, external reference, e-mail, phone, or the beginning of the booker’s name.',
  }),
  ...totalInput,
});
export type ListInput = z.infer<typeof listInput>;

export const listOutput = pageOf(bookingOutput).extend(totalOutput);
