import fc from 'fast-check';
import type { Party } from '../../../src/features/rates/index.ts';
import { addDays, type LocalDate } from '../../../src/kernel/dates.ts';
import { occupancies, taxRules } from '../../unit/rates/arbitrary-pricing.ts';

/** Nights are counted from here; the tests' clock stands on the day after, at noon UTC. */
export const FIRST_DAY: LocalDate = '2026-03-01';
const PRICED_DAYS = 10;
const day = (offset: number): LocalDate => addDays(FIRST_DAY, offset);

type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never;

const mostly = fc.integer({ min: 0, max: 15 }).map((n) => n > 0);
const days = fc.integer({ min: 0, max: PRICED_DAYS - 1 });
const prices = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 5_000, max: 20_000 }));

const restrictions = fc.oneof(
  fc.record({ stopSell: fc.constant(true) }),
  fc.record({ closedToArrival: fc.constant(true) }),
  fc.record({ closedToDeparture: fc.constant(true) }),
  fc.record({ minStay: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ maxStay: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ minAdvance: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ maxAdvance: fc.integer({ min: 0, max: 5 }) }),
);

const capacities = fc
  .record({
    maxAdults: fc.integer({ min: 1, max: 4 }),
    maxChildren: fc.integer({ min: 0, max: 3 }),
    extra: fc.constantFrom(0, 1, 3, 3),
  })
  .map(({ maxAdults, maxChildren, extra }) => ({
    maxAdults,
    maxChildren,
    maxOccupancy: maxAdults + Math.min(extra, maxChildren),
  }));

const roomTypes = fc.record({
  physicalRooms: fc.constantFrom(0, 1, 2, 2, 3, 3),
  overbookingLimit: fc.integer({ min: 0, max: 1 }),
  capacity: capacities,
  active: mostly,
  closedNight: fc.option(days, { freq: 2 }),
  blockedFrom: fc.option(days, { freq: 2 }),
});

const rates = fc.record({
  prices: fc.array(fc.option(prices, { freq: 19 }), { minLength: PRICED_DAYS, maxLength: PRICED_DAYS }),
  // One restriction a night, lest a minimum come to lie above its maximum.
  restricted: fc.uniqueArray(fc.tuple(days, restrictions), { maxLength: 6, selector: ([night]) => night }),
});

const plans = fc.record({
  active: mostly,
  occupancy: occupancies,
  /** Of the property's first and second room type. */
  rates: fc.tuple(rates, rates),
});

/** A stay that guests try to take before the search, at the property's n-th room type and plan. */
const stays = fc.record({
  kind: fc.constantFrom('confirmed', 'held', 'held until expired'),
  roomType: fc.nat({ max: 1 }),
  plan: fc.nat({ max: 1 }),
  arrival: days,
  nights: fc.integer({ min: 1, max: 3 }),
});

const properties = fc.record({
  timeZone: fc.constantFrom('Pacific/Kiritimati', 'Europe/Lisbon', 'Pacific/Honolulu'),
  dayStartsAt: fc.constantFrom('00:00', '01:30', '04:00'),
  active: mostly,
  taxes: fc.uniqueArray(taxRules, { maxLength: 2, selector: ({ code }) => code }),
  roomTypes: fc.array(roomTypes, { minLength: 1, maxLength: 2 }),
  plans: fc.array(plans, { minLength: 1, maxLength: 2 }),
  stays: fc.array(stays, { maxLength: 6 }),
});

/** The properties of one tenant. */
export const markets = fc.array(properties, { minLength: 1, maxLength: 3 });
export type MarketProperty = ValueOf<typeof properties>;

const party: fc.Arbitrary<Party> = fc
  .record({
    adults: fc.integer({ min: 0, max: 3 }),
    childAges: fc.array(fc.integer({ min: 0, max: 17 }), { maxLength: 2 }),
  })
  .filter(({ adults, childAges }) => adults + childAges.length > 0);
export const parties = fc.oneof(fc.constant<Party>({ adults: 1, childAges: [] }), party);

/** What a guest asks for: rooms of one type for some nights. */
export interface Wish {
  arrival: LocalDate;
  departure: LocalDate;
  rooms: Party[];
}

/** One to three rooms for one to four nights. */
export const wishes: fc.Arbitrary<Wish> = fc
  .record({
    arrival: fc.integer({ min: 0, max: PRICED_DAYS }),
    nights: fc.integer({ min: 1, max: 4 }),
    rooms: fc.array(parties, { minLength: 1, maxLength: 3 }),
  })
  .map(({ arrival, nights, rooms }) => ({ arrival: day(arrival), departure: day(arrival + nights), rooms }));

/** A room for every stay of one to three nights, from the day before the first night that has a price. */
export const everyStay = (room: Party): Wish[] =>
  Array.from({ length: 3 * (PRICED_DAYS + 1) }, (_, i) => {
    const arrival = Math.floor(i / 3) - 1;
    return { arrival: day(arrival), departure: day(arrival + 1 + (i % 3)), rooms: [room] };
  });
