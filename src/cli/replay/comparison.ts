import type { Refusal } from './refusal.ts';
import type { Hotel, Status } from './row.ts';
import { HOTELS, monthsOf, monthTotal, outcomeOf, reasonsOf, rowsOf, STATUSES, type Totals } from './totals.ts';

/** What two sides disagree on. Revenue is in minor units. */
export interface Difference {
  what: string;
  expected: number;
  found: number;
}

/** The code that the API answers for each refusal; several may share one. */
export type RefusalCodes = Readonly<Record<Refusal, string>>;

/** Expected totals with each refusal under the API's code. */
export const byCode = ({ outcomes, months }: Totals<Refusal>, codes: RefusalCodes): Totals => ({
  months,
  outcomes: outcomes.map((outcome) => {
    const refused = new Map<string, number>();
    for (const [refusal, rows] of outcome.refused) {
      refused.set(codes[refusal], (refused.get(codes[refusal]) ?? 0) + rows);
    }
    return { ...outcome, refused };
  }),
});

const differing = (pairs: Difference[]) => pairs.filter(({ expected, found }) => expected !== found);

const inOutcome = (api: Totals, expected: Totals, hotel: Hotel, status: Status): Difference[] => {
  const [theirs, ours] = [outcomeOf(api, hotel, status), outcomeOf(expected, hotel, status)];
  const name = `${hotel}, ${status}`;
  return [
    { what: `${name}: rows`, expected: rowsOf(ours), found: rowsOf(theirs) },
    { what: `${name}: accepted`, expected: ours.accepted, found: theirs.accepted },
    ...reasonsOf(api, expected).map((code) => ({
      what: `${name}: refused with ${code}`,
      expected: ours.refused.get(code) ?? 0,
      found: theirs.refused.get(code) ?? 0,
    })),
  ];
};

const inMonth = (api: Totals, expected: Totals, hotel: Hotel, status: Status, month: string): Difference[] => {
  const theirs = monthTotal(api, hotel, month, status);
  const ours = monthTotal(expected, hotel, month, status);
  return [
    { what: `${hotel}, ${status}, ${month}: planned nights`, expected: ours.nights, found: theirs.nights },
    { what: `${hotel}, ${status}, ${month}: planned revenue`, expected: ours.revenue, found: theirs.revenue },
  ];
};

/**
 * Every disagreement between what the API reports and what is expected, both by code: rows accepted and refused per
 * hotel and status, planned nights and revenue per hotel, status and month.
 */
export const differencesBetween = (api: Totals, expected: Totals): Difference[] =>
  HOTELS.flatMap((hotel) =>
    STATUSES.flatMap((status) => [
      ...differing(inOutcome(api, expected, hotel, status)),
      ...monthsOf(api, expected).flatMap((month) => differing(inMonth(api, expected, hotel, status, month))),
    ]),
  );
