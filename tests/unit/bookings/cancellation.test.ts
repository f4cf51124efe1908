import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cancellation, cancellationFee, noShowFee } from '../../../src/features/bookings/cancellation.ts';
import { addDays, instantOf, localDateAt } from '../../../src/kernel/dates.ts';
import { instantsNearClockChanges, timeZones } from '../arbitrary-dates.ts';
import { cancellations, cancellationsWith, feeRules, risingTiers } from './arbitrary-cancellations.ts';

const HOUR = 3_600_000;
const checkInOf = ({ line, checkInTime, timeZone }: Cancellation) => instantOf(line.arrival, checkInTime, timeZone);

const line = {
  arrival: '2026-06-10',
  total: 33_000,
  nights: [
    { night: '2026-06-10', amount: 10_000 },
    { night: '2026-06-11', amount: 12_000 },
    { night: '2026-06-12', amount: 8000 },
  ],
};
const half = { kind: 'percent' as const, basisPoints: 5000 };
const firstNight = { kind: 'nights' as const, nights: 1 };
const inBerlin = (arrival: string, now: string, terms: Cancellation['terms']): Cancellation => ({
  terms,
  line: { ...line, arrival },
  checkInTime: '15:00',
  timeZone: 'Europe/Berlin',
  nowMs: Date.parse(now),
});

describe('the fee of cancelling', () => {
  it('is set by the tier with the most hours that still fit before check-in, else it is the whole line', () => {
    fc.assert(
      fc.property(cancellations, (cancellation) => {
        const { terms, nowMs } = cancellation;
        const latestInstants = terms.map((tier) => checkInOf(cancellation) - tier.hoursBefore * HOUR);
        const inTime = terms.filter((_, i) => nowMs <= (latestInstants[i] ?? Number.NaN));
        const expected = inTime.toSorted((a, b) => b.hoursBefore - a.hoursBefore)[0] ?? null;
        const { fee, tier } = cancellationFee(cancellation);
        expect(tier).toEqual(expected);
        if (expected) expect(fee).toBe(noShowFee(expected.fee, cancellation.line));
        else if (terms.length > 0) expect(fee).toBe(cancellation.line.total);
      }),
      { numRuns: 500 },
    );
  });

  it('never lies below zero or above the total of the line, and does not depend on the order of tiers or nights', () => {
    fc.assert(
      fc.property(cancellations, (cancellation) => {
        const { fee } = cancellationFee(cancellation);
        expect(Number.isSafeInteger(fee) && fee >= 0 && fee <= cancellation.line.total).toBe(true);
        const nights = cancellation.line.nights.toReversed();
        const turned = {
          ...cancellation,
          terms: cancellation.terms.toReversed(),
          line: { ...cancellation.line, nights },
        };
        expect(cancellationFee(turned).fee).toBe(fee);
      }),
    );
  });

  it('never falls with time when the fees of the tiers rise towards check-in', () => {
    fc.assert(
      fc.property(cancellationsWith(risingTiers), fc.nat(40 * 24 * HOUR), (cancellation, later) => {
        const { fee } = cancellationFee(cancellation);
        const laterFee = cancellationFee({ ...cancellation, nowMs: cancellation.nowMs + later }).fee;
        expect(laterFee).toBeGreaterThanOrEqual(fee);
      }),
      { numRuns: 500 },
    );
  });

  it('changes at the exact millisecond of a tier', () => {
    fc.assert(
      fc.property(cancellations, (cancellation) => {
        for (const tier of cancellation.terms) {
          const last = checkInOf(cancellation) - tier.hoursBefore * HOUR;
          expect(cancellationFee({ ...cancellation, nowMs: last }).tier).toEqual(tier);
          expect(cancellationFee({ ...cancellation, nowMs: last + 1 }).tier).not.toEqual(tier);
        }
      }),
    );
  });

  it('is nothing until check-in when there are no tiers, and the whole line after it', () => {
    fc.assert(
      fc.property(cancellationsWith(fc.constant([])), (cancellation) => {
        const at = (nowMs: number) => cancellationFee({ ...cancellation, nowMs });
        const checkIn = checkInOf(cancellation);
        expect([at(checkIn - 1).fee, at(checkIn).fee, at(checkIn + 1).fee]).toEqual([0, 0, cancellation.line.total]);
        expect([at(checkIn - 1).tier, at(checkIn).hoursBefore]).toEqual([null, 0]);
      }),
    );
  });
});

describe('hours before check-in', () => {
  it('are real hours: the day before a stay has 23, 24 or 25 of them as the clocks change', () => {
    fc.assert(
      fc.property(
        timeZones.chain((zone) => fc.tuple(fc.constant(zone), instantsNearClockChanges(zone))),
        ([timeZone, near]) => {
          const arrival = localDateAt(near, timeZone);
          const threeOClock = (date: string) =>
            Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime: '15:00' });
          const before = threeOClock(addDays(arrival, -1));
          const realHours = before.until(threeOClock(arrival), { largestUnit: 'hours' }).total('hours');
          const nowMs = before.epochMilliseconds;
          const terms = [{ hoursBefore: 24, fee: half }];
          const result = cancellationFee({ terms, line: { ...line, arrival }, checkInTime: '15:00', timeZone, nowMs });
          expect(result.hoursBefore).toBe(realHours);
          expect(result.tier === null).toBe(realHours < 24);
        },
      ),
      { numRuns: 300 },
    );
    const tiers = [{ hoursBefore: 24, fee: firstNight }];
    const spring = cancellationFee(inBerlin('2026-03-29', '2026-03-28T14:00:00Z', tiers));
    const autumn = cancellationFee(inBerlin('2026-10-25', '2026-10-24T13:00:00Z', tiers));
    expect(spring).toEqual({ fee: 33_000, tier: null, hoursBefore: 23 });
    expect(autumn).toEqual({ fee: 10_000, tier: tiers[0], hoursBefore: 25 });
  });

  it('are shown rounded down to hundredths, so that a shown limit is a kept limit', () => {
    const tiers = [{ hoursBefore: 24, fee: half }];
    const justLate = cancellationFee(inBerlin('2026-06-10', '2026-06-09T13:00:00.001Z', tiers));
    expect(justLate).toEqual({ fee: 33_000, tier: null, hoursBefore: 23.99 });
    expect(cancellationFee(inBerlin('2026-06-10', '2026-06-10T13:00:01Z', tiers)).hoursBefore).toBe(-0.01);
  });
});

describe('a fee rule', () => {
  it('takes a share of the total, or the first nights and the whole total from the last night on', () => {
    const nights = (n: number) => noShowFee({ kind: 'nights', nights: n }, line);
    expect([0, 1, 2, 3, 4].map(nights)).toEqual([0, 10_000, 22_000, 33_000, 33_000]);
    expect(noShowFee(half, line)).toBe(16_500);
    expect(noShowFee({ kind: 'percent', basisPoints: 3333 }, { ...line, total: 105 })).toBe(35);
  });

  it('never takes more than the total, also where discounts made it less than its nights', () => {
    fc.assert(
      fc.property(feeRules, fc.nat(30_000), (rule, total) => {
        expect(noShowFee(rule, { ...line, total })).toBeLessThanOrEqual(total);
      }),
    );
  });
});
