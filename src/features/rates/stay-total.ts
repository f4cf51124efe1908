import { divideHalfUp } from '../../kernel/money.ts';
import { extrasPerNight, taxablePersons } from './pricing.ts';
import type { OccupancyPricing, Party, TaxRule } from './terms.ts';

/** Products up to here are divided exactly enough by floating point. */
const SAFE_PRODUCT = 2 ** 50;

/** `value` basis points of a charge, rounded half up. */
const percentOf = (charge: number, value: number): number => {
  const product = charge * value;
  if (product <= SAFE_PRODUCT) return Math.floor((2 * product + 10_000) / 20_000);
  return divideHalfUp(BigInt(charge) * BigInt(value), 10_000n);
};

/**
 * What one room's stay costs its party, from the sum of its nights' prices (minor units): the total of `priceLine`, with
 * all that doesn't depend on the prices reckoned once.
 */
export const stayTotal = (
  { occupancy, taxes, party }: { occupancy: OccupancyPricing; taxes: readonly TaxRule[]; party: Party },
  nights: number,
): ((nightsPrice: number) => number) => {
  const extras = extrasPerNight(party, occupancy) * nights;
  const percents: number[] = [];
  let fixed = 0;
  for (const tax of taxes) {
    if (tax.included) continue;
    const persons = taxablePersons(party, tax);
    if (tax.kind === 'percent') percents.push(tax.value);
    else if (tax.kind === 'per_person_per_night') fixed += tax.value * persons * nights;
    else if (tax.kind === 'per_person') fixed += tax.value * persons;
    else if (tax.kind === 'per_night') fixed += tax.value * nights;
    else fixed += tax.value;
  }
  return (nightsPrice) => {
    const charge = nightsPrice + extras;
    let total = charge + fixed;
    for (const value of percents) total += percentOf(charge, value);
    return total;
  };
};
