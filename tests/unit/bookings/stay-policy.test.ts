import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE_STATES } from '../../../src/features/bookings/states.ts';
import {
  canCheckIn,
  canMarkNoShow,
  nightsAfterCheckOut,
  nightsAfterNoShow,
} from '../../../src/features/bookings/stay-policy.ts';
import { AppError } from '../../../src/kernel/app-error.ts';
import { addDays, nightsOf } from '../../../src/kernel/dates.ts';
import { localDates } from '../arbitrary-dates.ts';

/** A stay and a business date from five days before its arrival to five days after its departure. */
const stays = fc
  .record({ arrival: localDates, length: fc.integer({ min: 1, max: 10 }), day: fc.integer({ min: -5, max: 15 }) })
  .map(({ arrival, length, day }) => ({
    arrival,
    departure: addDays(arrival, length),
    businessDate: addDays(arrival, day),
  }));

const codeOf = (decision: () => void): string => {
  try {
    decision();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'allowed';
};

describe('nights given back', () => {
  it('by a check-out are the unused ones from the business date on; used nights stay counted', () => {
    fc.assert(
      fc.property(stays, ({ arrival, departure, businessDate }) => {
        const countedUntil = nightsAfterCheckOut({ arrival, countedUntil: departure, businessDate });
        const used = nightsOf(arrival, departure).filter((night) => night < businessDate);
        expect(nightsOf(arrival, countedUntil)).toEqual(used);
        expect(countedUntil >= arrival && countedUntil <= departure).toBe(true);
      }),
    );
  });

  it('by a no-show are none when the plan keeps them, else those not past, the arrival night included', () => {
    fc.assert(
      fc.property(stays, ({ arrival, departure, businessDate }) => {
        const stay = { arrival, countedUntil: departure, businessDate };
        expect(nightsAfterNoShow({ ...stay, keep: true })).toBe(departure);
        const kept = nightsOf(arrival, nightsAfterNoShow({ ...stay, keep: false }));
        expect(kept).toEqual(nightsOf(arrival, departure).filter((night) => night < businessDate));
      }),
    );
    const atArrival = { arrival: '2026-05-01', countedUntil: '2026-05-04', businessDate: '2026-05-01', keep: false };
    expect(nightsAfterNoShow(atArrival)).toBe('2026-05-01');
  });

  it('are not given back a second time', () => {
    fc.assert(
      fc.property(stays, fc.nat(5), ({ arrival, departure, businessDate }, later) => {
        const once = nightsAfterCheckOut({ arrival, countedUntil: departure, businessDate });
        const again = { arrival, countedUntil: once, businessDate: addDays(businessDate, later) };
        expect(nightsAfterCheckOut(again)).toBe(once);
      }),
    );
  });
});

describe('the business date', () => {
  it('lets a guest check in on the nights of the stay only', () => {
    fc.assert(
      fc.property(stays, ({ arrival, departure, businessDate }) => {
        const found = codeOf(() => canCheckIn({ state: 'confirmed', arrival, departure }, businessDate));
        const during = nightsOf(arrival, departure).includes(businessDate);
        expect(found).toBe(during ? 'allowed' : businessDate < arrival ? 'TOO_EARLY_TO_CHECK_IN' : 'STAY_IS_OVER');
      }),
    );
  });

  it('lets a line be marked a no-show from the arrival date on', () => {
    fc.assert(
      fc.property(stays, ({ arrival, businessDate }) => {
        const found = codeOf(() => canMarkNoShow({ state: 'confirmed', arrival }, businessDate));
        expect(found).toBe(businessDate >= arrival ? 'allowed' : 'TOO_EARLY_FOR_NO_SHOW');
      }),
    );
  });

  it('never lets a line that is not confirmed check in or be a no-show', () => {
    const others = fc.constantFrom(...LINE_STATES.filter((state) => state !== 'confirmed'));
    fc.assert(
      fc.property(stays, others, ({ businessDate, ...stay }, state) => {
        expect(codeOf(() => canCheckIn({ ...stay, state }, businessDate))).toBe('WRONG_STATE');
        expect(codeOf(() => canMarkNoShow({ ...stay, state }, businessDate))).toBe('WRONG_STATE');
      }),
    );
  });
});
