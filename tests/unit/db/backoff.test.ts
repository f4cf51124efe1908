import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from '../../../src/platform/db/backoff.ts';

test('the wait is anything from nothing to a bound that doubles with each failure, 200 ms at most', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 60].map((failures) => backoffMs(failures, 0.999_999))).toEqual([
    4, 9, 19, 39, 79, 159, 199, 199,
  ]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, fraction) => {
        const ms = backoffMs(failures, fraction);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThan(Math.min(200, 5 * 2 ** (failures - 1)));
      },
    ),
  );
});
