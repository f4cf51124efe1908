import type { Hotel, Status } from './row.ts';
import type { MonthTotal, Outcome, Totals } from './totals.ts';

/** Adds up what the API reports, booking by booking. */
export interface Tally {
  /** A booking by the status it ended in, with its nights as sold (amounts in minor units). */
  accepted(hotel: Hotel, status: Status, nights: Iterable<{ night: string; amount: number }>): void;
  /** A refused row by its source status and the API's error code. */
  refused(hotel: Hotel, status: Status, code: string): void;
  totals(): Totals;
}

export const createTally = (): Tally => {
  const outcomes = new Map<string, Outcome & { refused: Map<string, number> }>();
  const months = new Map<string, MonthTotal>();

  const outcomeOf = (hotel: Hotel, status: Status) => {
    const key = `${hotel} ${status}`;
    const outcome = outcomes.get(key) ?? { hotel, status, accepted: 0, refused: new Map<string, number>() };
    outcomes.set(key, outcome);
    return outcome;
  };

  return {
    accepted(hotel, status, nights) {
      outcomeOf(hotel, status).accepted += 1;
      for (const { night, amount } of nights) {
        const month = night.slice(0, 7);
        const key = `${hotel} ${status} ${month}`;
        const total = months.get(key) ?? { hotel, status, month, nights: 0, revenue: 0 };
        months.set(key, total);
        total.nights += 1;
        total.revenue += amount;
      }
    },
    refused(hotel, status, code) {
      const { refused } = outcomeOf(hotel, status);
      refused.set(code, (refused.get(code) ?? 0) + 1);
    },
    totals: () => ({ outcomes: [...outcomes.values()], months: [...months.values()] }),
  };
};
