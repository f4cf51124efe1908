import fc from 'fast-check';
import { type LimitedNights, SearchColumns } from '../../../../src/features/availability/search-index/columns.ts';
import { NIGHTS } from '../../../../src/features/availability/search-index/night-window.ts';
import {
  type NightLimits,
  NO_LIMITS,
  UNLIMITED,
} from '../../../../src/features/availability/search-index/stay-limits.ts';
import { type SearchInput, searchInput } from '../../../../src/features/availability/search-schemas.ts';
import type { Party } from '../../../../src/features/rates/index.ts';
import { addDays } from '../../../../src/kernel/dates.ts';
import { occupancies, parties, taxRules } from '../../rates/arbitrary-pricing.ts';

export const FIRST_NIGHT = '2026-03-01';
export const NOW_MS = Date.parse('2026-03-03T01:30:00Z');

/** A night as the model of the columns has it. */
export interface ModelNight extends NightLimits {
  rooms: number;
  price: number;
  closedToArrival: boolean;
  closedToDeparture: boolean;
}

const limits: fc.Arbitrary<NightLimits> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(NO_LIMITS) },
  fc.record({
    minStay: fc.integer({ min: 0, max: 4 }),
    maxStay: fc.constantFrom(1, 3, UNLIMITED),
    minAdvance: fc.constantFrom(0, 2, 30),
    maxAdvance: fc.constantFrom(5, 60, UNLIMITED),
  }),
);

const rarely = fc.integer({ min: 0, max: 19 }).map((n) => n === 0);

const night: fc.Arbitrary<ModelNight> = fc
  .record({
    rooms: fc.integer({ min: 0, max: 19 }).map((n) => Math.min(n, 8)),
    price: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom(2 ** 32, 100_000_000_000)),
    closedToArrival: rarely,
    closedToDeparture: rarely,
    limits,
  })
  .map(({ limits: own, ...rest }) => ({ ...rest, ...own }));

/** Some nights in a row, often across the words of a bit plane and at the window's ends. */
export const spans = fc
  .record({
    from: fc.constantFrom(0, 1, 25, 26, 31, 60, NIGHTS - 12),
    nights: fc.array(night, { minLength: 9, maxLength: 12 }),
  })
  .map(({ from, nights }) => ({ from, nights }));
export type Span = typeof spans extends fc.Arbitrary<infer T> ? T : never;

/** Ids of which several begin alike. */
const ids = fc
  .tuple(fc.constantFrom('00000000', 'ffffffff'), fc.integer({ min: 0, max: 0xffffffff }))
  .map(([first, last]) => `${first}-0000-4000-8000-0000${last.toString(16).padStart(8, '0')}`);

const capacities = fc.record({
  maxAdults: fc.integer({ min: 1, max: 6 }),
  maxChildren: fc.integer({ min: 0, max: 4 }),
  maxOccupancy: fc.integer({ min: 1, max: 8 }),
});

const offers = fc.record({
  roomTypeId: ids,
  ratePlanId: ids,
  capacity: capacities,
  occupancy: occupancies,
  spans: fc.array(spans, { minLength: 1, maxLength: 3 }),
});

const amenities = fc.integer({ min: 0, max: 160 }).map(String);

export const properties = fc.record({
  propertyId: ids,
  cityKey: fc.constantFrom('lisboa', 'evora'),
  type: fc.constantFrom('hotel', 'villa'),
  currency: fc.constantFrom('EUR', 'JPY'),
  latitude: fc.option(fc.integer({ min: -3, max: 3 }), { freq: 9 }),
  longitude: fc.option(fc.constantFrom(-180, -179, 0, 1, 179, 180), { freq: 9 }),
  rating: fc.option(fc.integer({ min: 0, max: 5 })),
  amenities: fc.uniqueArray(amenities, { maxLength: 150, size: 'max' }),
  timeZone: fc.constantFrom('Pacific/Kiritimati', 'Europe/Lisbon', 'Pacific/Honolulu'),
  dayStartsAt: fc.constantFrom('00:00', '04:00'),
  taxes: fc.uniqueArray(taxRules, { maxLength: 2, selector: ({ code }) => code }),
  offers: fc.uniqueArray(offers, { minLength: 1, maxLength: 4, selector: (o) => `${o.roomTypeId} ${o.ratePlanId}` }),
});
export type ModelProperty = typeof properties extends fc.Arbitrary<infer T> ? T : never;

const rooms: fc.Arbitrary<Party[]> = fc.array(
  parties.filter(({ adults, childAges }) => adults + childAges.length > 0),
  { minLength: 1, maxLength: 3 },
);

const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

export const wishes: fc.Arbitrary<SearchInput> = fc
  .record({
    arrival: fc.constantFrom(0, 1, 2, 3, 26, 27, 31, 32, 33, 61, 64, NIGHTS - 11),
    nights: fc.constantFrom(1, 1, 2, 3, 6),
    rooms: fc.oneof(
      { weight: 5, arbitrary: fc.constant([{ adults: 1, childAges: [] }]) },
      { weight: 2, arbitrary: rooms },
    ),
    city: seldom(fc.constantFrom('Lisboa', 'Évora')),
    types: seldom(fc.constantFrom(['hotel'], ['villa', 'tent'])),
    amenities: seldom(fc.uniqueArray(amenities, { minLength: 1, maxLength: 2 })),
    currency: seldom(fc.constantFrom('EUR', 'JPY')),
    minTotal: seldom(fc.integer({ min: 0, max: 9_000 })),
    maxTotal: seldom(fc.integer({ min: 9_000, max: 60_000 })),
    box: seldom(
      fc.record({
        south: fc.constantFrom(-3, -1),
        north: fc.constantFrom(0, 3),
        west: fc.constantFrom(-180, 0, 179),
        east: fc.constantFrom(-179, 0, 180),
      }),
    ),
    sort: fc.constantFrom('price', 'rating'),
  })
  .map(({ arrival, nights, ...rest }) => {
    const first = addDays(FIRST_NIGHT, arrival);
    return searchInput.parse({ ...rest, arrival: first, departure: addDays(first, nights) });
  });

const EMPTY: ModelNight = { rooms: 0, price: 0, closedToArrival: false, closedToDeparture: false, ...NO_LIMITS };

const asColumns = (nights: readonly ModelNight[]): LimitedNights => ({
  count: nights.length,
  rooms: Uint8Array.from(nights, ({ rooms: own }) => own),
  prices: Float64Array.from(nights, ({ price }) => price),
  closedToArrival: Uint8Array.from(nights, ({ closedToArrival }) => (closedToArrival ? 1 : 0)),
  closedToDeparture: Uint8Array.from(nights, ({ closedToDeparture }) => (closedToDeparture ? 1 : 0)),
  limits: nights,
});

/** Columns and, by room type and plan, the nights that they should hold. */
export const fillColumns = (market: readonly ModelProperty[]) => {
  const columns = new SearchColumns(FIRST_NIGHT);
  const model = new Map<string, ModelNight[]>();
  const write = (roomTypeId: string, ratePlanId: string, { from, nights }: Span) => {
    columns.setNights(roomTypeId, ratePlanId, from, asColumns(nights));
    model.get(`${roomTypeId} ${ratePlanId}`)?.splice(from, nights.length, ...nights);
  };
  for (const property of market) {
    for (const { roomTypeId, ratePlanId, capacity, occupancy, spans: written } of property.offers) {
      const terms = { occupancy, taxes: property.taxes };
      const empty = Array.from({ length: NIGHTS }, () => EMPTY);
      columns.setOffer(property, { roomTypeId, ratePlanId, ...capacity, terms }, asColumns(empty));
      model.set(`${roomTypeId} ${ratePlanId}`, empty);
      for (const span of written) write(roomTypeId, ratePlanId, span);
    }
  }
  return { columns, model, write };
};
