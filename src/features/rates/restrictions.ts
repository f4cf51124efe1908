import { daysBetween, type LocalDate, nightsOf } from '../../kernel/dates.ts';
import type { NightRestrictions } from './terms.ts';

export type Restriction =
  | 'stop_sell'
  | 'closed_to_arrival'
  | 'closed_to_departure'
  | 'min_stay'
  | 'max_stay'
  | 'min_advance'
  | 'max_advance';

export interface FailedRestriction {
  restriction: Restriction;
  /** The date whose row restricts: a night of the stay, or the departure date for `closed_to_departure`. */
  night: LocalDate;
  /** Nights for stay limits, days for advance limits; absent for the others. */
  limit?: number;
}

export interface RestrictedStay {
  arrival: LocalDate;
  departure: LocalDate;
  businessDate: LocalDate;
  /** Rows of the stay's nights and of its departure date; a date without a row has no restrictions. */
  nights: ReadonlyMap<LocalDate, NightRestrictions>;
}

/** Every restriction that forbids the stay, in a fixed order; empty when it may be sold. */
export const failedRestrictions = ({
  arrival,
  departure,
  businessDate,
  nights,
}: RestrictedStay): FailedRestriction[] => {
  const failed: FailedRestriction[] = [];
  for (const night of nightsOf(arrival, departure)) {
    if (nights.get(night)?.stopSell) failed.push({ restriction: 'stop_sell', night });
  }

  const first = nights.get(arrival);
  if (first?.closedToArrival) failed.push({ restriction: 'closed_to_arrival', night: arrival });
  if (nights.get(departure)?.closedToDeparture) failed.push({ restriction: 'closed_to_departure', night: departure });
  if (!first) return failed;

  const atLeast = (restriction: Restriction, value: number, limit: number | null) => {
    if (limit !== null && value < limit) failed.push({ restriction, night: arrival, limit });
  };
  const atMost = (restriction: Restriction, value: number, limit: number | null) => {
    if (limit !== null && value > limit) failed.push({ restriction, night: arrival, limit });
  };
  const stay = daysBetween(arrival, departure);
  const advance = daysBetween(businessDate, arrival);
  atLeast('min_stay', stay, first.minStay);
  atMost('max_stay', stay, first.maxStay);
  atLeast('min_advance', advance, first.minAdvance);
  atMost('max_advance', advance, first.maxAdvance);
  return failed;
};

const count = (limit: number | undefined, unit: string) => `${limit ?? 0} ${unit}${limit === 1 ? '' : 's'}`;

/** A public sentence that names the date and the limit. */
export const describeRestriction = ({ restriction, night, limit }: FailedRestriction): string => {
  switch (restriction) {
    case 'stop_sell':
      return `The night of ${night} is not for sale.`;
    case 'closed_to_arrival':
      return `No stay may begin on ${night}.`;
    case 'closed_to_departure':
      return `No stay may end on ${night}.`;
    case 'min_stay':
      return `A stay that begins on ${night} must last at least ${count(limit, 'night')}.`;
    case 'max_stay':
      return `A stay that begins on ${night} may last at most ${count(limit, 'night')}.`;
    case 'min_advance':
      return `A stay that begins on ${night} must be booked at least ${count(limit, 'day')} ahead.`;
    case 'max_advance':
      return `A stay that begins on ${night} can be booked at most ${count(limit, 'day')} ahead.`;
  }
};
