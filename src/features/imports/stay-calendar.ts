import { addDays, daysBetween, type LocalDate } from '../../kernel/dates.ts';
import type { CalendarNight } from './calendar-row.ts';
import type { Nights } from './listing-calendars.ts';

/** Nights in a row from `from` on, one entry each. */
export interface Span<T> {
  from: LocalDate;
  nights: readonly T[];
}

export interface StayCalendar {
  /** Prices and stay limits from the first to the last night that was taken; null when none was. */
  rates: Span<CalendarNight | undefined> | null;
  /** How many rooms (0 or 1) are blocked on each night that is opened. */
  inventory: Span<number>[];
  /** Every night from the business date until this one is open. */
  inventoryUntil: LocalDate;
  /** Nights [from, until) in a row that are not available. */
  blocks: { from: LocalDate; until: LocalDate }[];
  /** Lowest price from the business date on, in minor units. */
  priceFrom: number | null;
}

export interface StayDates {
  /** The date of a calendar's first night. */
  first: LocalDate;
  /** The business date. */
  today: LocalDate;
  /** Days from `today` on that are opened beside the calendar's own nights; 0 leaves them closed. */
  horizonDays: number;
}

const isBlocked = (night: CalendarNight | undefined): boolean => night?.available === false;

const blocksOf = (nights: Nights, dateOf: (day: number) => LocalDate): StayCalendar['blocks'] => {
  const blocks: StayCalendar['blocks'] = [];
  for (let day = 0; day < nights.length; day++) {
    if (!isBlocked(nights[day])) continue;
    const from = day;
    while (isBlocked(nights[day + 1])) day++;
    blocks.push({ from: dateOf(from), until: dateOf(day + 1) });
  }
  return blocks;
};

const lowestPrice = (nights: Nights): number | null => {
  const prices = nights.flatMap((night) => (night && night.price !== null ? [night.price] : []));
  return prices.length > 0 ? Math.min(...prices) : null;
};

type Range = [from: number, until: number];

/** The ranges in this order, or as one where they overlap or meet. */
const joined = (a: Range, b: Range): Range[] =>
  a[0] <= b[1] && b[0] <= a[1] ? [[Math.min(a[0], b[0]), Math.max(a[1], b[1])]] : [a, b];

/** What a listing's nights become, `nights[0]` being that of `first`. */
export const stayCalendarOf = (nights: Nights, { first, today, horizonDays }: StayDates): StayCalendar => {
  const dateOf = (day: number) => addDays(first, day);
  const now = daysBetween(first, today);
  const start = nights.findIndex((night) => night !== undefined);
  const horizon: Range = [now, now + horizonDays];
  const open = start < 0 ? [horizon] : joined([start, nights.length], horizon);
  const [, openUntil] = open.at(-1) ?? horizon;
  return {
    rates: start < 0 ? null : { from: dateOf(start), nights: nights.slice(start) },
    inventory: open.map(([from, until]) => ({
      from: dateOf(from),
      nights: Array.from({ length: until - from }, (_, at) => Number(isBlocked(nights[from + at]))),
    })),
    inventoryUntil: dateOf(openUntil),
    blocks: blocksOf(nights, dateOf),
    priceFrom: lowestPrice(nights.slice(Math.max(0, now))),
  };
};
