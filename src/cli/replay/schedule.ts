import { addDays, earliest, type LocalDate, latest } from '../../kernel/dates.ts';
import { type Unbookable, unbookable } from './refusal.ts';
import type { Row, Status } from './row.ts';

export type ReleaseKind = 'cancel' | 'no_show' | 'check_out';

/** A row's end: it gives back its nights from `freeFrom` (arrival to departure) on. */
export interface Release {
  row: Row;
  kind: ReleaseKind;
  freeFrom: LocalDate;
}

export interface PlannedBooking {
  row: Row;
  /** Why the API has to refuse it whatever the rooms. Such a row has no check-in and no release. */
  refusal: Unbookable | undefined;
}

/**
 * What happens on one property-local date. The four steps run in this order with a barrier between; within a step the
 * order is free. `releasesAfter` holds the ends of rows that were booked or checked in on this very day.
 */
export interface DataDay {
  date: LocalDate;
  releasesBefore: Release[];
  bookings: PlannedBooking[];
  checkIns: Row[];
  releasesAfter: Release[];
}

const KINDS: Readonly<Record<Status, ReleaseKind>> = {
  Canceled: 'cancel',
  'No-Show': 'no_show',
  'Check-Out': 'check_out',
};

/**
 * The day on which a row ends: its status date, but never before it was booked, and never before its arrival unless
 * it is cancelled, as a no-show and a stay need the day of arrival.
 */
export const releaseDate = ({ status, statusDate, bookedOn, arrival }: Row): LocalDate =>
  latest([statusDate, status === 'Canceled' ? bookedOn : arrival]);

/** How a bookable row ends. Cancelling and a no-show give back every night, a check-out those from its day on. */
export const releaseOf = (row: Row): Release => {
  const kind = KINDS[row.status];
  if (kind !== 'check_out') return { row, kind, freeFrom: row.arrival };
  return { row, kind, freeFrom: earliest([releaseDate(row), row.departure]) };
};

/** Whether the end must wait for a step of its own day: the booking, or a check-in that precedes the check-out. */
const endsWhatTheDayBegan = (row: Row): boolean => {
  const date = releaseDate(row);
  return date === row.bookedOn || (row.status === 'Check-Out' && date === row.arrival);
};

/**
 * The plan of every calendar day, in order and without gaps, from the first booking to the last end; lists are in row
 * order. Days on which nothing happens come with empty lists.
 */
export function* schedule(rows: readonly Row[]): Generator<DataDay> {
  const days = new Map<LocalDate, DataDay>();
  const on = (date: LocalDate): DataDay => {
    let day = days.get(date);
    if (!day) {
      day = { date, releasesBefore: [], bookings: [], checkIns: [], releasesAfter: [] };
      days.set(date, day);
    }
    return day;
  };

  for (const row of rows) {
    const refusal = unbookable(row);
    on(row.bookedOn).bookings.push({ row, refusal });
    if (refusal) continue;
    if (row.status === 'Check-Out') on(row.arrival).checkIns.push(row);
    const end = on(releaseDate(row));
    (endsWhatTheDayBegan(row) ? end.releasesAfter : end.releasesBefore).push(releaseOf(row));
  }

  const dates = [...days.keys()].sort();
  const last = dates.at(-1);
  if (last === undefined) return;
  for (let date = dates[0] ?? last; date <= last; date = addDays(date, 1)) yield on(date);
}
