import fc from 'fast-check';
import { addDays, nightsOf, weekdayOf } from '../../../src/kernel/dates.ts';

export const FIRST_NIGHT = '2026-05-28';
export const NIGHTS = 21;

export interface Selection {
  roomTypeIds: string[];
  from: string;
  until: string;
  weekdays?: number[];
}

/** A range within the NIGHTS from FIRST_NIGHT, for some of the room types, on all days or some weekdays. */
export const selection = (roomTypeIds: string[]): fc.Arbitrary<Selection> =>
  fc
    .record({
      roomTypeIds: fc.uniqueArray(fc.constantFrom(...roomTypeIds), { minLength: 1 }),
      start: fc.integer({ min: 0, max: NIGHTS - 1 }),
      length: fc.integer({ min: 1, max: NIGHTS }),
      weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })),
    })
    .map(({ start, length, weekdays, roomTypeIds: chosen }) => ({
      roomTypeIds: chosen,
      from: addDays(FIRST_NIGHT, start),
      until: addDays(FIRST_NIGHT, Math.min(start + length, NIGHTS)),
      ...(weekdays ? { weekdays } : {}),
    }));

/** True when the selection names the night of the room type. */
export const names = ({ roomTypeIds, from, until, weekdays }: Selection, roomTypeId: string, night: string) =>
  roomTypeIds.includes(roomTypeId) &&
  night >= from &&
  night < until &&
  (weekdays === undefined || weekdays.includes(weekdayOf(night)));

export const allNights = nightsOf(FIRST_NIGHT, addDays(FIRST_NIGHT, NIGHTS));
