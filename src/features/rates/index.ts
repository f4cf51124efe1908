export { type PricedLine, type PricedNight, type PricedTax, priceLine } from './pricing.ts';
export { describeRestriction, failedRestrictions } from './restrictions.ts';
export {
  amountMinor,
  type NightRestrictions,
  type OccupancyPricing,
  occupancyPricing,
  type Party,
  type RatePlanTerms,
  ratePlanTerms,
  type TaxRule,
  taxRule,
} from './terms.ts';
