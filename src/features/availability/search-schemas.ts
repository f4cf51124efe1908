import { z } from 'zod';
import { daysBetween } from '../../kernel/dates.ts';
import { totalInput, totalOutput } from '../../kernel/totals.ts';
import { currency, flushTiny, id, latitude, localDate, longitude, pageInput, pageOf, text } from '../../kernel/wire.ts';

const minorUnits = z.int().min(0).max(1_000_000_000_000);

export const partyInput = z.strictObject({
  adults: z.int().min(0).max(100),
  childAges: z.array(z.int().min(0).max(17)).max(20).default([]),
});

export const searchInput = z
  .strictObject({
    ...pageInput,
    arrival: localDate,
    departure: localDate,
    rooms: z
      .array(partyInput)
      .min(1)
      .max(8)
      .default([{ adults: 2, childAges: [] }])
      .meta({ description: 'Who sleeps in each room; all rooms are of one type and plan.' }),
    city: text(120).optional(),
    near: z
      .strictObject({ latitude, longitude, radiusKm: z.number().positive().max(500).overwrite(flushTiny) })
      .optional(),
    box: z.strictObject({ south: latitude, west: longitude, north: latitude, east: longitude }).optional(),
    types: z.array(text(64)).min(1).max(20).optional(),
    amenities: z.array(text(64)).min(1).max(20).optional(),
    currency: currency.optional().meta({ description: 'Only properties that sell in it.' }),
    minTotal: minorUnits.optional().meta({ description: 'Of the whole stay, minor units.' }),
    maxTotal: minorUnits.optional(),
    sort: z.enum(['price', 'rating', 'distance']).default('price'),
    ...totalInput,
  })
  .superRefine((input, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const nights = daysBetween(input.arrival, input.departure);
    if (nights < 1) fault('departure', 'Departure must lie after arrival.');
    if (nights > 366) fault('departure', 'A stay has at most 366 nights.');
    if (input.sort === 'distance' && !input.near) fault('near', 'Sorting by distance needs a place.');
    if (input.box && input.box.south > input.box.north) fault('box', 'South lies above north.');
    if (input.minTotal !== undefined && input.maxTotal !== undefined && input.minTotal > input.maxTotal) {
      fault('maxTotal', 'Lies below minTotal.');
    }
    input.rooms.forEach((room, index) => {
      if (room.adults + room.childAges.length === 0) fault(`rooms.${index}`, 'At least one guest must stay.');
    });
  });
export type SearchInput = z.infer<typeof searchInput>;

export const searchHit = z
  .strictObject({
    propertyId: id,
    name: z.string(),
    type: z.string(),
    city: z.string(),
    country: z.string().nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    rating: z.number().nullable(),
    reviewCount: z.int(),
    amenities: z.array(z.string()),
    distanceKm: z.number().nullable(),
    currency,
    total: z.int().meta({ description: 'Of the whole stay for all rooms, taxes included: what a quote says.' }),
    roomTypeId: id,
    roomTypeName: z.string(),
    ratePlanId: id,
    ratePlanName: z.string(),
    roomsLeft: z.int(),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof searchHit>;

export const searchOutput = pageOf(searchHit).extend(totalOutput);
