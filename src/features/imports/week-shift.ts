import { addDays, daysBetween, type LocalDate } from '../../kernel/dates.ts';

/** `first` moved by whole weeks, so that it keeps its weekday and lies within the seven days that end with `today`. */
export const withinLastWeek = (first: LocalDate, today: LocalDate): LocalDate =>
  addDays(first, 7 * Math.floor(daysBetween(first, today) / 7));
