import { z } from 'zod';
import { isTimeZone } from '../../kernel/dates.ts';
import { totalInput, totalOutput } from '../../kernel/totals.ts';
import { country, currency, id, instant, latitude, longitude, pageInput, pageOf, text } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';
import { amountMinor, taxRule } from '../rates/index.ts';

const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'Not an IANA time zone.')
  .meta({ examples: ['Europe/Lisbon'] });

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Not a time of the form HH:MM.')
  .meta({ examples: ['15:00'] });

const taxes = z
  .array(taxRule)
  .max(20)
  .superRefine((rules, context) => {
    rules.forEach(({ code }, index) => {
      if (rules.findIndex((rule) => rule.code === code) === index) return;
      context.addIssue({ code: 'custom', path: [index, 'code'], message: 'Another tax has this code.' });
    });
  });

/** What may be set. */
const described = {
  name: text(200),
  type: text(80).meta({ examples: ['hotel'] }),
  timeZone,
  currency,
  city: text(120),
  country: country.nullable(),
  latitude: latitude.nullable(),
  longitude: longitude.nullable(),
  amenities: z.array(text(60)).max(200),
  checkInTime: clockTime,
  checkOutTime: clockTime,
  dayStartsAt: clockTime.meta({ description: 'Until then the night before is still being sold.' }),
  taxes,
  externalRef: text(120).nullable(),
};

export const property = z
  .strictObject({
    id,
    name: z.string(),
    type: z.string(),
    timeZone: z.string(),
    currency,
    city: z.string(),
    country: z.string().nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    amenities: z.array(z.string()),
    checkInTime: z.string(),
    checkOutTime: z.string(),
    dayStartsAt: z.string(),
    taxes: z.array(taxRule),
    externalRef: z.string().nullable(),
    active: z.boolean(),
    rating: z.number().nullable(),
    reviewCount: z.int(),
    priceFrom: z.int().nullable().meta({ description: 'Lowest price of a night on sale, in minor units.' }),
    createdAt: instant,
  })
  .meta({ id: 'Property' });
export type Property = z.infer<typeof property>;

const isPlaceWhole = ({ latitude, longitude }: { latitude?: unknown; longitude?: unknown }) =>
  (latitude ?? null) === null ? (longitude ?? null) === null : (longitude ?? null) !== null;
const wholePlace = { path: ['longitude'], message: 'Give latitude and longitude together.', when: () => true };

export const createPropertyInput = z
  .strictObject({
    ...described,
    country: described.country.default(null),
    latitude: described.latitude.default(null),
    longitude: described.longitude.default(null),
    amenities: described.amenities.default([]),
    checkInTime: clockTime.default('15:00'),
    checkOutTime: clockTime.default('11:00'),
    dayStartsAt: described.dayStartsAt.default('04:00'),
    taxes: taxes.default([]),
    externalRef: described.externalRef.default(null),
    idempotencyKey,
  })
  .refine(isPlaceWhole, wholePlace);
export type CreatePropertyInput = z.infer<typeof createPropertyInput>;

export const updatePropertyInput = z
  .strictObject({ propertyId: id, ...z.strictObject(described).partial().shape, idempotencyKey })
  .refine(isPlaceWhole, wholePlace);
export type UpdatePropertyInput = z.infer<typeof updatePropertyInput>;

export const propertyInput = z.strictObject({ propertyId: id });
export const switchPropertyInput = z.strictObject({ propertyId: id, idempotencyKey });
export type SwitchPropertyInput = z.infer<typeof switchPropertyInput>;

export const listPropertiesInput = z.strictObject({
  city: text(120).optional(),
  type: text(80).optional(),
  minPrice: amountMinor.optional().meta({ description: 'Lowest price of a night, minor units.' }),
  maxPrice: amountMinor.optional().meta({ description: 'Lowest price of a night, minor units.' }),
  active: z.boolean().optional(),
  ...totalInput,
  ...pageInput,
});
export type ListPropertiesInput = z.infer<typeof listPropertiesInput>;

export const propertyPage = pageOf(property).extend(totalOutput);
