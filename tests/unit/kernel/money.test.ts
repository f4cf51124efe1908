import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfUp, isCurrency, minorDigits, shareOf, sum } from '../../../src/kernel/money.ts';

const safe = fc.maxSafeInteger();
const denominators = fc.oneof(
  fc.integer({ min: 1, max: 20_000 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);

describe('money', () => {
  it('division rounds to the nearest integer and up at exactly half, also below zero', () => {
    fc.assert(
      fc.property(safe, denominators, (numerator, denominator) => {
        const [n, d] = [BigInt(numerator), BigInt(denominator)];
        const rounded = BigInt(divideHalfUp(n, d));
        const twiceTheError = 2n * (rounded * d - n);
        expect(twiceTheError).toBeGreaterThan(-d);
        expect(twiceTheError).toBeLessThanOrEqual(d);
      }),
      { numRuns: 1000 },
    );
    const halves = [-5n, -3n, -1n, 1n, 3n, 5n].map((n) => divideHalfUp(n, 2n));
    expect(halves).toEqual([-2, -1, 0, 1, 2, 3]);
  });

  it('an exact quotient comes back unchanged, up to the largest safe integer', () => {
    fc.assert(
      fc.property(safe, denominators, (quotient, d) => {
        expect(divideHalfUp(BigInt(quotient) * BigInt(d), BigInt(d))).toBe(quotient);
      }),
    );
  });

  it('a share lies between nothing and the whole, and the two shares of a split differ from it by one at most', () => {
    const amounts = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 10_000 }), (amount, basisPoints) => {
        const share = shareOf(amount, basisPoints);
        const rest = shareOf(amount, 10_000 - basisPoints);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(amount);
        expect([0n, 1n]).toContain(BigInt(share) + BigInt(rest) - BigInt(amount));
      }),
    );
    expect([shareOf(1250, 0), shareOf(1250, 700), shareOf(1250, 10_000)]).toEqual([0, 88, 1250]);
  });

  it('a sum does not depend on the order and is zero for nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (amounts) => {
        expect(BigInt(sum(amounts))).toBe(amounts.reduce((total, amount) => total + BigInt(amount), 0n));
        expect(sum(amounts.toReversed())).toBe(sum(amounts));
      }),
    );
    expect(sum([])).toBe(0);
  });

  it('minor digits are those of ISO 4217, whatever the runtime would print', () => {
    const digits = (codes: string) => new Set(codes.split(' ').map(minorDigits));
    expect(digits('CLP ISK JPY KRW PYG UGX VND XAF XOF XPF')).toEqual(new Set([0]));
    expect(digits('EUR USD HUF IDR COP PKR ALL CZK TWD MGA')).toEqual(new Set([2]));
    expect(digits('BHD IQD JOD KWD LYD OMR TND')).toEqual(new Set([3]));
  });

  it('a currency is an upper-case code that is in use', () => {
    expect(['EUR', 'USD', 'JPY'].filter(isCurrency)).toHaveLength(3);
    expect(['eur', 'EURO', '', 'ZZZ', '€'].filter(isCurrency)).toEqual([]);
  });
});
