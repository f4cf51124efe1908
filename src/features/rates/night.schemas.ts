import { z } from 'zod';
import { nightRange, validRange } from '../../kernel/night-range.ts';
import { currency, id, localDate } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';
import { entriesOf, entryNights, validEntryRange } from './night-entries.ts';
import { amountMinor } from './terms.ts';

const price = amountMinor.nullable().meta({ description: 'Minor units a night; null takes the night off sale.' });

export const setPricesInput = z.strictObject({
  ratePlanId: id,
  currency: currency.optional().meta({ description: 'Refused unless it is the currency of the property.' }),
  entries: entriesOf(z.strictObject({ ...entryNights, price }).check(validEntryRange)),
  idempotencyKey,
});
export type SetPricesInput = z.infer<typeof setPricesInput>;

const stayNights = z.int().min(1).max(999).nullable();
const advanceDays = z.int().min(0).max(9_999).nullable();

const restrictions = {
  stopSell: z.boolean().nullable(),
  closedToArrival: z.boolean().nullable(),
  closedToDeparture: z.boolean().nullable(),
  minStay: stayNights,
  maxStay: stayNights,
  minAdvance: advanceDays.meta({ description: 'Days between the business date and arrival, at least.' }),
  maxAdvance: advanceDays.meta({ description: 'Days between the business date and arrival, at most.' }),
};

const LIMITS = [
  ['minStay', 'maxStay'],
  ['minAdvance', 'maxAdvance'],
] as const;

const restrictionEntry = z
  .strictObject({ ...entryNights, ...z.strictObject(restrictions).partial().shape })
  .check(validEntryRange)
  .superRefine((entry, context) => {
    if (!Object.keys(restrictions).some((field) => field in entry)) {
      context.addIssue({ code: 'custom', message: 'Name at least one restriction.' });
    }
    for (const [least, most] of LIMITS) {
      const [low, high] = [entry[least] ?? null, entry[most] ?? null];
      if (low === null || high === null || low <= high) continue;
      context.addIssue({ code: 'custom', path: [most], message: `Must not lie below ${least}.` });
    }
  });

export const setRestrictionsInput = z.strictObject({
  ratePlanId: id,
  entries: entriesOf(restrictionEntry),
  idempotencyKey,
});
export type SetRestrictionsInput = z.infer<typeof setRestrictionsInput>;

export const nightsSet = z.strictObject({
  ratePlanId: id,
  nights: z.int().meta({ description: 'Nights that the call named, each counted once per room type.' }),
  changed: z.int().meta({ description: 'Those of them that were different before.' }),
});
export type NightsSet = z.infer<typeof nightsSet>;

export const MAX_CALENDAR_NIGHTS = 400;

export const calendarInput = z
  .strictObject({ ratePlanId: id, roomTypeId: id, ...nightRange })
  .check(validRange(MAX_CALENDAR_NIGHTS));
export type CalendarInput = z.infer<typeof calendarInput>;

export const rateCalendar = z
  .strictObject({
    ratePlanId: id,
    roomTypeId: id,
    currency,
    nights: z.array(
      z.strictObject({
        night: localDate,
        price,
        stopSell: z.boolean(),
        closedToArrival: z.boolean(),
        closedToDeparture: z.boolean(),
        minStay: stayNights,
        maxStay: stayNights,
        minAdvance: advanceDays,
        maxAdvance: advanceDays,
      }),
    ),
  })
  .meta({ id: 'RateCalendar' });
export type RateCalendar = z.infer<typeof rateCalendar>;
