export { createRates } from './create.ts';
export { RatePlanEntity } from './plan.entity.ts';
export { refreshAllPricesFrom, refreshPriceFrom } from './price-from.ts';
export { lockPricedProperty } from './priced-property.ts';
export { type PricedLine, type PricedNight, type PricedTax, priceLine } from './pricing.ts';
export { describeRestriction, failedRestrictions } from './restrictions.ts';
export { stayTotal } from './stay-total.ts';
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
