import { sum } from '../../kernel/money.ts';
import type { Difference } from './comparison.ts';
import { type Refusal, UNBOOKABLE, type Unbookable } from './refusal.ts';
import type { Hotel, Status } from './row.ts';
import { HOTELS, outcomeOf, rowsOf, STATUSES, type Totals } from './totals.ts';

/** Rows by status, from Antonio, de Almeida, Nunes: Hotel booking demand datasets, Data in Brief 22 (2019). */
const ROWS: Readonly<Record<Hotel, Readonly<Record<Status, number>>>> = {
  city: { 'Check-Out': 46_228, Canceled: 32_186, 'No-Show': 916 },
  resort: { 'Check-Out': 28_938, Canceled: 10_831, 'No-Show': 291 },
};

/** Its rows that are no bookings. */
const UNBOOKABLE_ROWS: Readonly<Record<Unbookable, number>> = { no_nights: 715, no_guests: 110, negative_rate: 1 };

/** Where the figures of a file differ from those of the dataset; empty when it is the whole of it. */
export const differencesFromPublished = (figures: Totals<Refusal>): Difference[] => {
  const statuses = HOTELS.flatMap((hotel) =>
    STATUSES.map((status) => ({
      what: `${hotel}, ${status}: rows of the file`,
      expected: ROWS[hotel][status],
      found: rowsOf(outcomeOf(figures, hotel, status)),
    })),
  );
  const refusals = UNBOOKABLE.map((refusal) => ({
    what: `${refusal}: rows of the file`,
    expected: UNBOOKABLE_ROWS[refusal],
    found: sum(figures.outcomes.map(({ refused }) => refused.get(refusal) ?? 0)),
  }));
  return [...statuses, ...refusals].filter(({ expected, found }) => expected !== found);
};
