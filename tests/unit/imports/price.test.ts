import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOf } from '../../../src/features/imports/price.ts';

const grouped = (whole: number) => String(whole).replaceAll(/\B(?=(\d{3})+$)/g, ',');

describe('a price text', () => {
  it('is read exactly, with or without its sign and its commas', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900_000_000 }),
        fc.integer({ min: 0, max: 99 }),
        fc.boolean(),
        fc.boolean(),
        (whole, cents, sign, commas) => {
          const text = `${sign ? '$' : ''}${commas ? grouped(whole) : whole}.${String(cents).padStart(2, '0')}`;
          const amount = whole * 100 + cents;
          expect(priceOf(text, 2)).toBe(amount > 0 ? amount : null);
        },
      ),
    );
  });

  it.each([
    ['$1,708.00', 0, 1708],
    ['1708', 0, 1708],
    ['$1.5', 2, 150],
    ['$2.125', 3, 2125],
    ['$0.01', 2, 1],
  ])('%s with %i digits is %i', (text, digits, amount) => expect(priceOf(text, digits)).toBe(amount));

  it.each([
    ['$1,708.50', 0],
    ['$1.005', 2],
    ['$0.00', 2],
    ['$-5.00', 2],
    ['-$5.00', 2],
    ['$1,70.00', 2],
    ['$1.', 2],
    ['1e3', 2],
    ['€5.00', 2],
    ['', 2],
    ['$9,999,999,999.00', 2],
  ])('%s with %i digits is none', (text, digits) => expect(priceOf(text, digits)).toBeNull());
});
