import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type LimitsAt,
  type NightLimits,
  NO_LIMITS,
  StayLimits,
  UNLIMITED,
} from '../../../../src/features/availability/search-index/stay-limits.ts';

const NIGHTS_WRITTEN = 60;
const atLeast = (minStay: number): NightLimits => ({ ...NO_LIMITS, minStay });
const nothing: LimitsAt = { start: 0, runs: 0 };

test('limits that are set and lifted again and again take no more room than once', () => {
  const limits = new StayLimits();
  let at = limits.writeFrom(nothing, 100, 7, Array(7).fill(atLeast(2)));
  at = limits.writeFrom(at, 100, 7, null);
  const once = limits.bytes;
  for (let toggle = 0; toggle < 2_000; toggle++) {
    at = limits.writeFrom(at, 100, 7, toggle % 2 ? null : Array(7).fill(atLeast(2)));
  }
  expect(limits.bytes).toBeLessThanOrEqual(once + 8);
});

test('offers that change by turns take a few times what they need at their most', () => {
  const offers = 40;
  const limits = new StayLimits();
  const places = Array.from({ length: offers }, () => nothing);
  const needed = offers * NIGHTS_WRITTEN * 5 * 2;
  for (let change = 0; change < 4_000; change++) {
    const offer = (change * 7) % offers;
    const every = 1 + (change % 9);
    const nights = Array.from({ length: NIGHTS_WRITTEN }, (_, night) => atLeast(1 + (Math.floor(night / every) % 2)));
    places[offer] = limits.writeFrom(places[offer] ?? nothing, 0, NIGHTS_WRITTEN, nights);
  }
  expect(limits.bytes).toBeLessThan(4 * needed);
});

test('however offers change, each has the limits that were written last, and no other offer’s', () => {
  const offer = fc.integer({ min: 0, max: 4 });
  const change = fc.tuple(
    offer,
    fc.integer({ min: 0, max: NIGHTS_WRITTEN - 1 }),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: NIGHTS_WRITTEN }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const limits = new StayLimits();
      const places = Array.from({ length: 5 }, () => nothing);
      const model = Array.from({ length: 5 }, () => Array<number>(2 * NIGHTS_WRITTEN).fill(0));
      for (const [number, from, minStays] of changes) {
        places[number] = limits.writeFrom(places[number] ?? nothing, from, minStays.length, minStays.map(atLeast));
        minStays.forEach((minStay, index) => {
          (model[number] ?? [])[from + index] = minStay;
        });
      }
      places.forEach(({ start, runs }, number) => {
        const least = (model[number] ?? []).map((_, night) =>
          runs === 0 ? 0 : [0, 1, 2, 3].findIndex((stay) => limits.allow(start, runs, night, stay, UNLIMITED)),
        );
        expect(least).toEqual(model[number]);
      });
    }),
    { numRuns: 100 },
  );
});
