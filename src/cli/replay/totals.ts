import { sum } from '../../kernel/money.ts';
import type { Hotel, Status } from './row.ts';

/** What became of the rows of one hotel and status. */
export interface Outcome<Reason extends string = string> {
  hotel: Hotel;
  status: Status;
  accepted: number;
  /** Rows by why they were refused: by `Refusal` in expected totals, by error code in the API's. */
  refused: ReadonlyMap<Reason, number>;
}

/** Room nights as planned, whatever became of them, by the month of each night; revenue in minor units. */
export interface MonthTotal {
  hotel: Hotel;
  status: Status;
  /** 'YYYY-MM' */
  month: string;
  nights: number;
  revenue: number;
}

export interface Totals<Reason extends string = string> {
  outcomes: Outcome<Reason>[];
  months: MonthTotal[];
}

/** In the order of the closing table. */
export const HOTELS: readonly Hotel[] = ['city', 'resort'];
export const STATUSES: readonly Status[] = ['Check-Out', 'Canceled', 'No-Show'];

/** The outcome of a hotel and status; of no rows when there is none. */
export const outcomeOf = ({ outcomes }: Totals, hotel: Hotel, status: Status): Outcome =>
  outcomes.find((outcome) => outcome.hotel === hotel && outcome.status === status) ?? {
    hotel,
    status,
    accepted: 0,
    refused: new Map(),
  };

/** Rows accounted for: accepted and refused. */
export const rowsOf = ({ accepted, refused }: Outcome): number => accepted + sum(refused.values());

/** Planned nights and revenue of a hotel's month; of one status, or of all. */
export const monthTotal = ({ months }: Totals, hotel: Hotel, month: string, status?: Status) => {
  const parts = months.filter(
    (part) => part.hotel === hotel && part.month === month && (status === undefined || part.status === status),
  );
  return { nights: sum(parts.map(({ nights }) => nights)), revenue: sum(parts.map(({ revenue }) => revenue)) };
};

/** The months that any of the totals has, in order. */
export const monthsOf = (...totals: Totals[]): string[] =>
  [...new Set(totals.flatMap(({ months }) => months.map(({ month }) => month)))].sort();

/** The reasons for which any of the totals has refusals, in alphabetical order. */
export const reasonsOf = (...totals: Totals[]): string[] =>
  [...new Set(totals.flatMap(({ outcomes }) => outcomes.flatMap(({ refused }) => [...refused.keys()])))].sort();
