/** A property-local calendar date, 'YYYY-MM-DD'. Stays are half-open: [arrival, departure). */
export type LocalDate = string;

const SHAPE = /^\d{4}-\d{2}-\d{2}$/;

/** True for a real day of the proleptic Gregorian calendar in years 1900 to 2999; an instant or '2025-02-30' is not one. */
export const isLocalDate = (text: string): text is LocalDate => {
  if (!SHAPE.test(text) || text < '1900' || text >= '3000') return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

const DAY_MS = 86_400_000;
const dayNumber = (date: LocalDate) => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

export const addDays = (date: LocalDate, days: number): LocalDate =>
  new Date((dayNumber(date) + days) * DAY_MS).toISOString().slice(0, 10);

/** Days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number => dayNumber(to) - dayNumber(from);

/** The first of some dates; throws RangeError when there is none. */
export const earliest = (dates: readonly LocalDate[]): LocalDate => pick(dates.toSorted(), 0);

/** The last of some dates; throws RangeError when there is none. */
export const latest = (dates: readonly LocalDate[]): LocalDate => pick(dates.toSorted(), -1);

const pick = (sorted: readonly LocalDate[], at: number): LocalDate => {
  const date = sorted.at(at);
  if (date === undefined) throw new RangeError('no dates');
  return date;
};

/** The nights of the half-open range, in order. */
export const nightsOf = (arrival: LocalDate, departure: LocalDate): LocalDate[] =>
  Array.from({ length: Math.max(0, daysBetween(arrival, departure)) }, (_, i) => addDays(arrival, i));

/** ISO weekday: 1 Monday to 7 Sunday. */
export const weekdayOf = (date: LocalDate): number => ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;

/**
 * The instant (milliseconds) of a property-local date and 'HH:MM'; a time that a clock change skips is moved forward
 * and of one that comes twice it is the first, as RFC 5545 does.
 */
export const instantOf = (date: LocalDate, time: string, timeZone: string): number =>
  Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).epochMilliseconds;

/** The local calendar date of an instant. */
export const localDateAt = (ms: number, timeZone: string): LocalDate =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate().toString();

/**
 * The hotel's working day: until `dayStartsAt` ('HH:MM') the night before is still being sold,
 * so a walk-in at 01:30 arrives on yesterday's date. It never goes back, also when the clocks do.
 */
export const businessDateAt = (ms: number, timeZone: string, dayStartsAt: string): LocalDate => {
  const today = localDateAt(ms, timeZone);
  return ms < instantOf(today, dayStartsAt, timeZone) ? addDays(today, -1) : today;
};

export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
};
