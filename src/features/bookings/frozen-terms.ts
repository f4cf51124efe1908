import type { Offer } from '../availability/index.ts';
import type { RatePlanTerms } from '../rates/index.ts';

/** What a line was sold under; later changes of plan or property don't touch it. */
export interface FrozenTerms extends RatePlanTerms {
  checkInTime: string;
  timeZone: string;
  dayStartsAt: string;
}

export const freezeTerms = ({ property, ratePlan }: Offer): FrozenTerms => ({
  ...ratePlan.terms,
  checkInTime: property.checkInTime,
  timeZone: property.timeZone,
  dayStartsAt: property.dayStartsAt,
});
