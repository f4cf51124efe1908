import fc from 'fast-check';
import type { Cancellation, CancellationTier, FeeRule } from '../../../src/features/bookings/cancellation.ts';
import { addDays, localDateAt } from '../../../src/kernel/dates.ts';
import { instantsNearClockChanges, timesOfDay, timeZones } from '../arbitrary-dates.ts';

const HOUR = 3_600_000;

export const feeRules: fc.Arbitrary<FeeRule> = fc.oneof(
  fc.record({ kind: fc.constant('percent' as const), basisPoints: fc.integer({ min: 0, max: 10_000 }) }),
  fc.record({ kind: fc.constant('nights' as const), nights: fc.integer({ min: 0, max: 8 }) }),
);

const tierHours = fc.uniqueArray(fc.oneof(fc.nat(60), fc.nat(8760)), { maxLength: 5 });

const tiers: fc.Arbitrary<CancellationTier[]> = tierHours.chain((hours) =>
  fc.tuple(...hours.map((hoursBefore) => feeRules.map((fee) => ({ hoursBefore, fee })))),
);

/** Tiers of one kind of fee that costs no less the later one cancels. */
export const risingTiers: fc.Arbitrary<CancellationTier[]> = fc
  .tuple(tierHours, fc.boolean(), fc.array(fc.nat(10_000), { minLength: 5, maxLength: 5 }))
  .map(([hours, percent, sizes]) => {
    const rising = sizes.toSorted((a, b) => a - b);
    return hours
      .toSorted((a, b) => b - a)
      .map((hoursBefore, i) => {
        const size = rising[i] ?? 10_000;
        const fee: FeeRule = percent
          ? { kind: 'percent', basisPoints: size }
          : { kind: 'nights', nights: Math.floor(size / 1000) };
        return { hoursBefore, fee };
      });
  });

/** Cancellations of stays that begin near a clock change, from two months before check-in to a day after it. */
export const cancellationsWith = (terms: fc.Arbitrary<CancellationTier[]>): fc.Arbitrary<Cancellation> =>
  timeZones
    .chain((timeZone) => fc.tuple(fc.constant(timeZone), instantsNearClockChanges(timeZone)))
    .chain(([timeZone, near]) =>
      fc.record({
        terms,
        timeZone: fc.constant(timeZone),
        checkInTime: timesOfDay,
        nowMs: fc.integer({ min: near - 60 * 24 * HOUR, max: near + 24 * HOUR }),
        line: fc
          .tuple(fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 1, maxLength: 7 }), fc.nat(20_000))
          .map(([amounts, taxes]) => {
            const arrival = localDateAt(near, timeZone);
            return {
              arrival,
              total: amounts.reduce((all, amount) => all + amount, taxes),
              nights: amounts.map((amount, i) => ({ night: addDays(arrival, i), amount })),
            };
          }),
      }),
    );

export const cancellations = cancellationsWith(tiers);
