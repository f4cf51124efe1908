import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeRestriction,
  type FailedRestriction,
  failedRestrictions,
  type RestrictedStay,
} from '../../../src/features/rates/restrictions.ts';
import type { NightRestrictions } from '../../../src/features/rates/terms.ts';
import { addDays, type LocalDate } from '../../../src/kernel/dates.ts';
import { localDates } from '../arbitrary-dates.ts';

const NONE: NightRestrictions = {
  stopSell: false,
  closedToArrival: false,
  closedToDeparture: false,
  minStay: null,
  maxStay: null,
  minAdvance: null,
  maxAdvance: null,
};

const limits = fc.option(fc.integer({ min: 0, max: 8 }));
const rows: fc.Arbitrary<NightRestrictions> = fc.record({
  stopSell: fc.boolean(),
  closedToArrival: fc.boolean(),
  closedToDeparture: fc.boolean(),
  minStay: limits,
  maxStay: limits,
  minAdvance: limits,
  maxAdvance: limits,
});

/** Stays of 1 to 6 nights among ten days of rows, some of them missing. */
const stays: fc.Arbitrary<RestrictedStay> = fc
  .record({
    arrival: localDates,
    length: fc.integer({ min: 1, max: 6 }),
    ahead: fc.integer({ min: 0, max: 8 }),
    days: fc.array(fc.option(rows), { minLength: 10, maxLength: 10 }),
  })
  .map(({ arrival, length, ahead, days }) => ({
    arrival,
    departure: addDays(arrival, length),
    businessDate: addDays(arrival, -ahead),
    nights: new Map(days.flatMap((row, i) => (row ? [[addDays(arrival, i - 2), row] as const] : []))),
  }));

/** Asks of every row, one by one, what it forbids. */
const naive = ({ arrival, departure, businessDate, nights }: RestrictedStay): FailedRestriction[] => {
  const failed: FailedRestriction[] = [];
  const until = (from: LocalDate, to: LocalDate) =>
    Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
  for (const [night, row] of nights) {
    const slept = night >= arrival && night < departure;
    if (slept && row.stopSell) failed.push({ restriction: 'stop_sell', night });
    if (night === departure && row.closedToDeparture) failed.push({ restriction: 'closed_to_departure', night });
    if (night !== arrival) continue;
    const stay = until(arrival, departure);
    const advance = until(businessDate, arrival);
    const { minStay, maxStay, minAdvance, maxAdvance } = row;
    if (row.closedToArrival) failed.push({ restriction: 'closed_to_arrival', night });
    if (minStay !== null && !(stay >= minStay)) failed.push({ restriction: 'min_stay', night, limit: minStay });
    if (maxStay !== null && !(stay <= maxStay)) failed.push({ restriction: 'max_stay', night, limit: maxStay });
    if (minAdvance !== null && !(advance >= minAdvance))
      failed.push({ restriction: 'min_advance', night, limit: minAdvance });
    if (maxAdvance !== null && !(advance <= maxAdvance))
      failed.push({ restriction: 'max_advance', night, limit: maxAdvance });
  }
  return failed;
};

const sorted = (failed: FailedRestriction[]) => failed.map((one) => JSON.stringify(Object.entries(one).sort())).sort();

describe('restrictions', () => {
  it('every failed restriction is listed once, as a row-by-row check lists them', () => {
    fc.assert(
      fc.property(stays, (stay) => {
        expect(sorted(failedRestrictions(stay))).toEqual(sorted(naive(stay)));
      }),
      { numRuns: 1000 },
    );
  });

  it('a stay without rows, or with rows that restrict nothing, may be sold', () => {
    fc.assert(
      fc.property(stays, (stay) => {
        expect(failedRestrictions({ ...stay, nights: new Map() })).toEqual([]);
        const open = new Map([...stay.nights.keys()].map((night) => [night, NONE]));
        expect(failedRestrictions({ ...stay, nights: open })).toEqual([]);
      }),
    );
  });

  it('rows outside the stay do not matter, and of the departure row only its closing to departures does', () => {
    fc.assert(
      fc.property(stays, (stay) => {
        const relevant = [...stay.nights].flatMap(([night, row]) => {
          if (night < stay.arrival || night > stay.departure) return [];
          const left = night === stay.departure ? { ...NONE, closedToDeparture: row.closedToDeparture } : row;
          return [[night, left] as const];
        });
        expect(failedRestrictions({ ...stay, nights: new Map(relevant) })).toEqual(failedRestrictions(stay));
      }),
    );
  });

  it('a limit that is met exactly is met', () => {
    const exact = { ...NONE, minStay: 3, maxStay: 3, minAdvance: 7, maxAdvance: 7 };
    const stay = { arrival: '2028-02-28', departure: '2028-03-02', businessDate: '2028-02-21' };
    expect(failedRestrictions({ ...stay, nights: new Map([['2028-02-28', exact]]) })).toEqual([]);
  });

  it('the sentence of each names its date and its limit', () => {
    fc.assert(
      fc.property(stays, (stay) => {
        for (const one of failedRestrictions(stay)) {
          const sentence = describeRestriction(one);
          expect(sentence).toContain(one.night);
          if (one.limit !== undefined) expect(sentence).toMatch(new RegExp(` ${one.limit} (night|day)`));
        }
      }),
    );
    const night = '2026-05-01';
    expect(describeRestriction({ restriction: 'min_stay', night, limit: 1 })).toContain('at least 1 night.');
    expect(describeRestriction({ restriction: 'max_advance', night, limit: 2 })).toContain('at most 2 days ahead.');
  });
});
