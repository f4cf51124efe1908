import { type Stay, stayOf } from './figures-line.ts';
import type { Refusal } from './refusal.ts';
import type { MonthTotal, Outcome, Totals } from './totals.ts';

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const daysIn = (year: number, month: number): number => {
  const leap = year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0);
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
};

/** The month ('YYYY-MM') of each night, found by turning the calendar day by day. */
const monthsOfNights = ({ year, month, day, nights }: Stay): string[] =>
  Array.from({ length: nights }, () => {
    const current = `${year}-${String(month).padStart(2, '0')}`;
    day += 1;
    if (day > daysIn(year, month)) {
      day = 1;
      month += 1;
    }
    if (month > 12) {
      month = 1;
      year += 1;
    }
    return current;
  });

const refusalOf = ({ nights, guests, rate }: Stay, noRoom: boolean): Refusal | undefined => {
  if (nights === 0) return 'no_nights';
  if (guests === 0) return 'no_guests';
  if (rate < 0) return 'negative_rate';
  return noRoom ? 'no_rooms' : undefined;
};

type Counted = Outcome<Refusal> & { refused: Map<Refusal, number> };

/**
 * The expected totals of the file's lines, header first. Reads, dates and rounds by itself, sharing no code with the
 * replay or the product, so that one fault can't hide on both sides. Refusals are keyed by `Refusal`; `withoutRooms`
 * are the data rows (1-based) to be refused for want of rooms. Throws RangeError, naming the line, on a broken one.
 */
export const figuresOf = async (
  lines: AsyncIterable<string> | Iterable<string>,
  withoutRooms: ReadonlySet<number> = new Set(),
): Promise<Totals<Refusal>> => {
  const outcomes = new Map<string, Counted>();
  const months = new Map<string, MonthTotal>();

  const count = (row: number, stay: Stay) => {
    const { hotel, status } = stay;
    const outcome: Counted = outcomes.get(hotel + status) ?? { hotel, status, accepted: 0, refused: new Map() };
    outcomes.set(hotel + status, outcome);
    const refusal = refusalOf(stay, withoutRooms.has(row));
    if (refusal) {
      outcome.refused.set(refusal, (outcome.refused.get(refusal) ?? 0) + 1);
      return;
    }
    outcome.accepted += 1;
    for (const month of monthsOfNights(stay)) {
      const key = hotel + status + month;
      const total = months.get(key) ?? { hotel, status, month, nights: 0, revenue: 0 };
      months.set(key, total);
      total.nights += 1;
      total.revenue += stay.rate;
    }
  };

  let columns: string[] | undefined;
  let row = 0;
  for await (const line of lines) {
    if (!columns) {
      columns = line.replace('\uFEFF', '').split(',');
      continue;
    }
    row += 1;
    try {
      count(row, stayOf(columns, line));
    } catch (cause) {
      throw new RangeError(`line ${row + 1}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
  return { outcomes: [...outcomes.values()], months: [...months.values()] };
};
