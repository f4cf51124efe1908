import { z } from 'zod';
import { daysBetween, isLocalDate, type LocalDate } from './dates.ts';
import { localDate } from './wire.ts';

/** The half-open range of nights [from, until). */
export const nightRange = { from: localDate, until: localDate };

export interface NightRange {
  from: LocalDate;
  until: LocalDate;
}

const isDate = (value: unknown) => typeof value === 'string' && isLocalDate(value);
const hasDates = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'from' in value &&
  'until' in value &&
  isDate(value.from) &&
  isDate(value.until);

/**
 * Refuses, at `until`, a range without nights or with more than `maxNights`, also while other fields fail, so that all
 * faults are named together. For objects with the fields of `nightRange`.
 */
export const validRange = (maxNights: number) =>
  z.superRefine<NightRange>(
    ({ from, until }, context) => {
      const nights = daysBetween(from, until);
      const fault = (message: string) => context.addIssue({ code: 'custom', path: ['until'], message });
      if (nights <= 0) fault('Must lie after from.');
      else if (nights > maxNights) fault(`Must lie at most ${maxNights} days after from.`);
    },
    { when: ({ value }) => hasDates(value) },
  );
