import { z } from 'zod';

/** Minor units; bounded so that sums of a stay stay safe integers. */
export const amountMinor = z.int().min(0).max(100_000_000_000);
const basisPoints = z.int().min(0).max(10_000);

/** What a guest forfeits: a share of the line's total, or the price of its first nights. */
export const feeRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), basisPoints }),
  z.strictObject({ kind: z.literal('nights'), nights: z.int().min(0).max(365) }),
]);
export type FeeRule = z.infer<typeof feeRule>;

/**
 * Cancelling `hoursBefore` or more real hours before check-in costs `fee`; the tier with the most hours
 * that still applies counts, and later than every tier costs the whole line.
 */
export const cancellationTier = z.strictObject({ hoursBefore: z.int().min(0).max(8760), fee: feeRule });

/** A child up to and including `maxAge` pays `amount` per night. */
export const childPrice = z.strictObject({ maxAge: z.int().min(0).max(17), amount: amountMinor });

export const occupancyPricing = z.strictObject({
  /** Adults that the night's price includes. */
  includedAdults: z.int().min(1).max(50),
  /** Per night for each adult above that. */
  extraAdult: amountMinor,
  /** By rising age; a child older than every band pays and counts as an adult. */
  childPrices: z.array(childPrice).max(18),
});
export type OccupancyPricing = z.infer<typeof occupancyPricing>;

export const ratePlanTerms = z.strictObject({
  cancellation: z.array(cancellationTier).max(10),
  noShow: z.strictObject({ fee: feeRule, nights: z.enum(['keep', 'return']) }),
  /** Share due at booking. */
  prepayment: z.strictObject({ basisPoints }),
});
export type RatePlanTerms = z.infer<typeof ratePlanTerms>;

/** A tax or fee of the property. `included` is already inside the price and is shown, not added. */
export const taxRule = z.strictObject({
  code: z.string().regex(/^[a-z0-9_-]{1,32}$/),
  name: z.string().min(1).max(80),
  kind: z.enum(['percent', 'per_person_per_night', 'per_person', 'per_night', 'per_stay']),
  /** Basis points of the room charge for `percent`, minor units otherwise. */
  value: z.int().min(0).max(100_000_000),
  included: z.boolean(),
  /** Children up to and including this age don't count as persons. */
  exemptUpToAge: z.int().min(0).max(17).optional(),
});
export type TaxRule = z.infer<typeof taxRule>;

/** Restrictions of one night; null means none. Stay limits and advance days are those of the arrival night. */
export interface NightRestrictions {
  stopSell: boolean;
  closedToArrival: boolean;
  closedToDeparture: boolean;
  minStay: number | null;
  maxStay: number | null;
  /** Days between the business date and arrival: at least, at most. */
  minAdvance: number | null;
  maxAdvance: number | null;
}

/** Who sleeps in one room. Ages in whole years at arrival. */
export interface Party {
  adults: number;
  childAges: number[];
}
