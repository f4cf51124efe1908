import { addDays, daysBetween, type LocalDate } from '../../kernel/dates.ts';
import type { CalendarNight } from './calendar-row.ts';
import type { Nights } from './listing-calendars.ts';

/** Nights in a row from `from` on, one entry each. */
export interface Span<T> {
  from: LocalDate;
  nights: T[];
}

export interface StayCalendar {
  /** Null when the listing has no night in its calendar. */
  rates: Span<CalendarNight | undefined> | null;
  /** Rooms blocked (0 or 1) on each night that has inventory: those of the calendar, and those up to the horizon. */
  inventory: Span<number>[];
  inventoryUntil: LocalDate;
  /** Nights [from, until) in a row that are not available. */
  blocks: { from: LocalDate; until: LocalDate }[];
  /** Lowest price from the business date on; minor units. */
  priceFrom: number | null;
}

const isBlocked = (night: CalendarNight | undefined) => night?.available === false;

const blocksOf = (first: LocalDate, nights: Nights): StayCalendar['blocks'] => {
  const blocks: StayCalendar['blocks'] = [];
  for (let day = 0; day < nights.length; day++) {
    if (!isBlocked(nights[day])) continue;
    const from = day;
    while (isBlocked(nights[day + 1])) day++;
    blocks.push({ from: addDays(first, from), until: addDays(first, day + 1) });
  }
  return blocks;
};

/**
 * What a listing's calendar becomes. `first` is the date of `nights[0]`; inventory reaches from `today`, the business
 * date, to the end of the horizon in any case.
 */
export const stayCalendarOf = (
  nights: Nights,
  { first, today, horizonDays }: { first: LocalDate; today: LocalDate; horizonDays: number },
): StayCalendar => {
  const span = (from: number, until: number): Span<number> => ({
    from: addDays(first, from),
    nights: Array.from({ length: until - from }, (_, at) => (isBlocked(nights[from + at]) ? 1 : 0)),
  });
  const horizonStart = daysBetween(first, today);
  const horizonEnd = horizonStart + horizonDays;
  const start = nights.findIndex((night) => night !== undefined);
  const end = nights.length;

  let lowest: number | null = null;
  nights.forEach((night, day) => {
    if (day >= horizonStart && night && night.price !== null) lowest = Math.min(lowest ?? night.price, night.price);
  });

  const apart = start < 0 || end < horizonStart || start > horizonEnd;
  const joined = () => span(Math.min(start, horizonStart), Math.max(end, horizonEnd));
  const separate = () => [...(start < 0 ? [] : [span(start, end)]), span(horizonStart, horizonEnd)];
  return {
    rates: start < 0 ? null : { from: addDays(first, start), nights: nights.slice(start) },
    inventory: apart ? separate() : [joined()],
    inventoryUntil: addDays(first, apart ? horizonEnd : Math.max(end, horizonEnd)),
    blocks: blocksOf(first, nights),
    priceFrom: lowest,
  };
};
