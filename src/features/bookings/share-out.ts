import { type LocalDate, nightsOf } from '../../kernel/dates.ts';
import type { FreeNight, NightKey, Shortage } from '../inventory/index.ts';

/** One room that is asked for. */
export interface Asked {
  roomTypeId: string;
  arrival: LocalDate;
  departure: LocalDate;
}

/**
 * Gives rooms to those who ask, in their order: each gets all of its nights or none, and one who gets none takes nothing
 * from those behind. `free` is what is left, null or missing where a night is closed. Answers what each is short of, with
 * the rooms that were left at its turn: nothing for those served.
 */
export const shareOut = (asked: readonly Asked[], free: Iterable<FreeNight>): Shortage[][] => {
  const keyOf = ({ roomTypeId, night }: NightKey) => `${roomTypeId} ${night}`;
  const left = new Map<string, number>();
  for (const { available, ...night } of free) if (available !== null) left.set(keyOf(night), available);
  return asked.map(({ roomTypeId, arrival, departure }) => {
    const nights = nightsOf(arrival, departure).map((night) => ({ roomTypeId, night }));
    const shortages = nights.flatMap((night): Shortage[] => {
      const available = left.get(keyOf(night));
      if (available === undefined) return [{ ...night, problem: 'closed', available: 0 }];
      return available > 0 ? [] : [{ ...night, problem: 'sold_out', available: Math.max(0, available) }];
    });
    if (shortages.length === 0) for (const night of nights) left.set(keyOf(night), (left.get(keyOf(night)) ?? 0) - 1);
    return shortages;
  });
};
