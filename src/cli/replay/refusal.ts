import type { Row } from './row.ts';

/** Why a row is no booking, so that the API has to refuse it. */
export const UNBOOKABLE = ['no_nights', 'no_guests', 'negative_rate'] as const;
export type Unbookable = (typeof UNBOOKABLE)[number];

/** `no_rooms`: a proper booking for which no room is left. */
export type Refusal = Unbookable | 'no_rooms';

/** The reason why a row is no booking, by that order: a row with neither nights nor guests has no nights. */
export const unbookable = ({ nights, adults, children, babies, rate }: Row): Unbookable | undefined => {
  if (nights === 0) return 'no_nights';
  if (adults + children + babies === 0) return 'no_guests';
  return rate < 0 ? 'negative_rate' : undefined;
};
