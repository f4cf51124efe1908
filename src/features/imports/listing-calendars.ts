import { daysBetween, isLocalDate, type LocalDate } from '../../kernel/dates.ts';
import { type CalendarColumns, type CalendarNight, createNightReader } from './calendar-row.ts';
import { calendarRows } from './calendar-rows.ts';
import type { Listing } from './listing-row.ts';
import type { Listings } from './listings.ts';
import { remembered } from './remembered.ts';
import type { OpenFile, RefusedRow } from './source-files.ts';

/** Nights by days after the calendar's first date; a day without one was not given or refused. */
export type Nights = (CalendarNight | undefined)[];

export interface ListingCalendar {
  listing: Listing;
  nights: Nights;
  /** Rows that `nights` were taken from. */
  rows: number;
}

/** Three years, so that a mistyped year does not become a thousand years of nights. */
const MAX_DAYS = 1_096;

interface Setting {
  listings: Listings;
  /** The calendar's first date. */
  first: LocalDate;
  /** Those of the currency's minor unit. */
  digits: number;
}

/** Takes rows one after the other; answers why a row is refused, or null. */
const createGatherer = ({ listings, first, digits }: Setting, finish: (calendar: ListingCalendar) => void) => {
  const dayOf = remembered((date) => (isLocalDate(date) ? daysBetween(first, date) : Number.NaN));
  const seen = new Set<string>();
  let readNight: ReturnType<typeof createNightReader> | undefined;
  let current: ListingCalendar | undefined;

  const calendarOf = (id: string): ListingCalendar | string => {
    if (id === current?.listing.externalRef) return current;
    const listing = listings.taken.get(id);
    if (!listing)
      return listings.refusedIds.has(id) ? 'its listing was refused' : 'has no listing in the listings file';
    if (seen.has(id)) return 'stands apart from the other rows of its listing';
    seen.add(id);
    if (current) finish(current);
    current = { listing, nights: [], rows: 0 };
    return current;
  };

  return {
    take(fields: string[] | null, columns: CalendarColumns): string | null {
      if (!fields) return 'has not as many fields as the first line';
      const calendar = calendarOf(fields[columns.listing_id] ?? '');
      if (typeof calendar === 'string') return calendar;
      const day = dayOf(fields[columns.date] ?? '');
      if (Number.isNaN(day)) return 'date is not a day';
      if (day >= MAX_DAYS) return `date lies ${MAX_DAYS} days or more after the first of the file`;
      if (calendar.nights[day]) return 'repeats a night of its listing';
      readNight ??= createNightReader(columns, digits);
      const night = readNight(fields);
      if (typeof night === 'string') return night;
      calendar.nights[day] = night;
      calendar.rows += 1;
      return null;
    },
    end() {
      if (current) finish(current);
    },
  };
};

/**
 * The calendars of the listings in the order of the file, with the rows read so far. A listing's rows have to stand
 * together, in any order of dates. `refuse` is told of each row that is left out.
 */
export async function* listingCalendars(
  open: OpenFile,
  setting: Setting,
  refuse: (row: RefusedRow) => void,
): AsyncGenerator<{ read: number; finished: ListingCalendar[] }> {
  let finished: ListingCalendar[] = [];
  let read = 0;
  const gatherer = createGatherer(setting, (calendar) => void finished.push(calendar));
  for await (const { columns, rows } of calendarRows(open)) {
    for (const { line, fields } of rows) {
      const reason = gatherer.take(fields, columns);
      if (reason !== null) refuse({ file: 'calendar', line, reason });
    }
    read += rows.length;
    yield { read, finished };
    finished = [];
  }
  gatherer.end();
  yield { read, finished };
}
