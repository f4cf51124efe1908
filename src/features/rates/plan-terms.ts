import type { OccupancyPricing, RatePlanTerms } from './terms.ts';

/** Tiers from the most hours down. */
export const inOrderOfHours = (terms: RatePlanTerms): RatePlanTerms => ({
  ...terms,
  cancellation: terms.cancellation.toSorted((a, b) => b.hoursBefore - a.hoursBefore),
});

/** Child prices by rising age. */
export const inOrderOfAge = (occupancy: OccupancyPricing): OccupancyPricing => ({
  ...occupancy,
  childPrices: occupancy.childPrices.toSorted((a, b) => a.maxAge - b.maxAge),
});
