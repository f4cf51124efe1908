import fc from 'fast-check';
import { expect, it } from 'vitest';
import { priceLine } from '../../../src/features/rates/pricing.ts';
import { stayTotal } from '../../../src/features/rates/stay-total.ts';
import { sum } from '../../../src/kernel/money.ts';
import { pricingInputs } from './arbitrary-pricing.ts';

it('a stay costs what its line is priced at, for every party, occupancy, set of taxes and size of amounts', () => {
  const factors = fc.constantFrom(1, 1, 997, 100_000);
  fc.assert(
    fc.property(pricingInputs, factors, (input, factor) => {
      const nights = input.nights.map(({ night, price }) => ({ night, price: Math.min(price * factor, 1e11) }));
      const total = stayTotal(input, nights.length)(sum(nights.map(({ price }) => price)));
      expect(total).toBe(priceLine({ ...input, nights }).total);
    }),
    { numRuns: 2_000 },
  );
});
