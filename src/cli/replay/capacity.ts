import { type LocalDate, nightsOf } from '../../kernel/dates.ts';
import { unbookable } from './refusal.ts';
import type { Hotel, Row } from './row.ts';
import { releaseOf, schedule } from './schedule.ts';

/** Physical rooms of one hotel's room type. */
export interface TypeCapacity {
  hotel: Hotel;
  roomType: string;
  rooms: number;
}

interface Usage extends TypeCapacity {
  nights: Map<LocalDate, number>;
}

const usageOfTypes = (rows: readonly Row[]) => {
  const types = new Map<string, Usage>();
  for (const { hotel, roomType } of rows) {
    const type = `${hotel} ${roomType}`;
    if (!types.has(type)) types.set(type, { hotel, roomType, rooms: 0, nights: new Map() });
  }
  const count = ({ hotel, roomType }: Row, from: LocalDate, until: LocalDate, change: 1 | -1) => {
    const usage = types.get(`${hotel} ${roomType}`);
    if (!usage) return;
    for (const night of nightsOf(from, until)) {
      const used = (usage.nights.get(night) ?? 0) + change;
      usage.nights.set(night, used);
      usage.rooms = Math.max(usage.rooms, used);
    }
  };
  const peaks = (): TypeCapacity[] =>
    [...types]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { hotel, roomType, rooms }]) => ({ hotel, roomType, rooms }));
  return { count, peaks };
};

/**
 * The rooms that the schedule needs at its fullest, by hotel and reserved room type, in alphabetical order. Enough
 * for any order within a step: all of a day's bookings count before any release that its barrier puts after them.
 * A type that only unbookable rows name has no rooms.
 */
export const roomsForEveryBooking = (rows: readonly Row[]): TypeCapacity[] => {
  const { count, peaks } = usageOfTypes(rows);
  for (const { releasesBefore, bookings, releasesAfter } of schedule(rows)) {
    for (const { row, freeFrom } of releasesBefore) count(row, freeFrom, row.departure, -1);
    for (const { row, refusal } of bookings) if (!refusal) count(row, row.arrival, row.departure, 1);
    for (const { row, freeFrom } of releasesAfter) count(row, freeFrom, row.departure, -1);
  }
  return peaks();
};

/** The rooms in which guests really stayed at the fullest: checked-out rows only, each until the day it left. */
export const roomsStayedIn = (rows: readonly Row[]): TypeCapacity[] => {
  const { count, peaks } = usageOfTypes(rows);
  for (const row of rows) {
    if (row.status === 'Check-Out' && !unbookable(row)) count(row, row.arrival, releaseOf(row).freeFrom, 1);
  }
  return peaks();
};
