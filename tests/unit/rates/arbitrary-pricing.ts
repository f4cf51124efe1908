import fc from 'fast-check';
import type { PricingInput } from '../../../src/features/rates/pricing.ts';
import type { OccupancyPricing, Party, TaxRule } from '../../../src/features/rates/terms.ts';
import { addDays } from '../../../src/kernel/dates.ts';
import { localDates } from '../arbitrary-dates.ts';

const amounts = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 100_000_000 }));
const ages = fc.integer({ min: 0, max: 17 });

export const parties: fc.Arbitrary<Party> = fc.record({
  adults: fc.integer({ min: 0, max: 6 }),
  childAges: fc.array(ages, { maxLength: 4 }),
});

export const occupancies: fc.Arbitrary<OccupancyPricing> = fc.record({
  includedAdults: fc.integer({ min: 1, max: 4 }),
  extraAdult: amounts,
  childPrices: fc
    .uniqueArray(fc.record({ maxAge: ages, amount: amounts }), { maxLength: 4, selector: ({ maxAge }) => maxAge })
    .map((bands) => bands.toSorted((a, b) => a.maxAge - b.maxAge)),
});

export const taxRules: fc.Arbitrary<TaxRule> = fc
  .record({
    kind: fc.constantFrom('percent', 'per_person_per_night', 'per_person', 'per_night', 'per_stay'),
    value: fc.integer({ min: 0, max: 5000 }),
    included: fc.boolean(),
    exemptUpToAge: fc.option(ages, { nil: undefined }),
    code: fc.stringMatching(/^[a-z0-9_-]{1,8}$/),
  })
  .map(({ exemptUpToAge, ...rule }) => ({
    ...rule,
    name: rule.code,
    ...(exemptUpToAge === undefined ? {} : { exemptUpToAge }),
  }));

/** One room's stay of 1 to 10 nights with distinct tax codes. */
export const pricingInputs: fc.Arbitrary<PricingInput> = fc
  .record({
    arrival: localDates,
    prices: fc.array(amounts, { minLength: 1, maxLength: 10 }),
    party: parties,
    occupancy: occupancies,
    taxes: fc.uniqueArray(taxRules, { maxLength: 6, selector: ({ code }) => code }),
  })
  .map(({ arrival, prices, ...rest }) => ({
    nights: prices.map((price, i) => ({ night: addDays(arrival, i), price })),
    ...rest,
  }));
