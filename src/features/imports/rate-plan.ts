import type { RatePlanTerms } from '../rates/index.ts';

/** What every listing is sold on: free to cancel until a day before check-in. */
export const FLEXIBLE_PLAN: { code: string; name: string; terms: RatePlanTerms } = {
  code: 'FLEX',
  name: 'Flexible',
  terms: {
    cancellation: [{ hoursBefore: 24, fee: { kind: 'percent', basisPoints: 0 } }],
    noShow: { fee: { kind: 'percent', basisPoints: 10_000 }, nights: 'keep' },
    prepayment: { basisPoints: 0 },
  },
};
