import { AppError } from '../../kernel/app-error.ts';
import type { LocalDate } from '../../kernel/dates.ts';
import { type LineState, move } from './states.ts';

/** Nights count from `arrival` up to, not including, `countedUntil`. */
export interface CountedStay {
  arrival: LocalDate;
  countedUntil: LocalDate;
  businessDate: LocalDate;
}

export interface PlannedStay {
  state: LineState;
  arrival: LocalDate;
  departure: LocalDate;
}

const withoutFutureNights = ({ arrival, countedUntil, businessDate }: CountedStay): LocalDate => {
  const until = businessDate < countedUntil ? businessDate : countedUntil;
  return until > arrival ? until : arrival;
};

/** The new counted-until date after check-out: nights from the business date on are given back, past ones stay counted. */
export const nightsAfterCheckOut = (stay: CountedStay): LocalDate => withoutFutureNights(stay);

/** The new counted-until date after a no-show: unchanged when the plan keeps the nights, else as after a check-out. */
export const nightsAfterNoShow = (stay: CountedStay & { keep: boolean }): LocalDate =>
  stay.keep ? stay.countedUntil : withoutFutureNights(stay);

/** Throws WRONG_STATE, TOO_EARLY_TO_CHECK_IN or STAY_IS_OVER unless the guest may check in on the business date. */
export const canCheckIn = ({ state, arrival, departure }: PlannedStay, businessDate: LocalDate): void => {
  move(state, 'checkIn');
  const details = { arrival, departure, businessDate };
  if (businessDate < arrival) {
    const message = `The stay begins on ${arrival} and the business date is ${businessDate}. Check in from ${arrival} on.`;
    throw new AppError('conflict', 'TOO_EARLY_TO_CHECK_IN', message, { details });
  }
  if (businessDate >= departure) {
    const message = `The stay ended on ${departure} and the business date is ${businessDate}. Mark a no-show or book anew.`;
    throw new AppError('conflict', 'STAY_IS_OVER', message, { details });
  }
};

/** Throws WRONG_STATE or TOO_EARLY_FOR_NO_SHOW unless the line may be marked a no-show on the business date. */
export const canMarkNoShow = (
  { state, arrival }: Pick<PlannedStay, 'state' | 'arrival'>,
  businessDate: LocalDate,
): void => {
  move(state, 'noShow');
  if (businessDate >= arrival) return;
  const message = `The stay begins on ${arrival} and the business date is ${businessDate}. Mark a no-show from ${arrival} on.`;
  throw new AppError('conflict', 'TOO_EARLY_FOR_NO_SHOW', message, { details: { arrival, businessDate } });
};
