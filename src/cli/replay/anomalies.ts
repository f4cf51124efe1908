import { unbookable } from './refusal.ts';
import type { Row } from './row.ts';

/** Rows off the plain course of booking, arrival, departure, and what the replay does with them. */
export interface Anomaly {
  name: string;
  rule: string;
  rows: number;
}

interface Kind {
  name: string;
  rule: string;
  applies: (row: Row) => boolean;
}

const cancelled = (row: Row) => row.status === 'Canceled';
const noShow = (row: Row) => row.status === 'No-Show';
const left = (row: Row) => row.status === 'Check-Out';

const UNBOOKABLE: Kind[] = [
  {
    name: 'no nights',
    rule: 'sent, and refused by the API; so are those without guests too',
    applies: (row) => unbookable(row) === 'no_nights',
  },
  {
    name: 'neither nights nor guests',
    rule: 'counted as no nights',
    applies: (row) => row.nights === 0 && row.adults + row.children + row.babies === 0,
  },
  {
    name: 'nights but no guests',
    rule: 'sent, and refused by the API',
    applies: (row) => unbookable(row) === 'no_guests',
  },
  {
    name: 'negative rate',
    rule: 'sent, and refused by the API',
    applies: (row) => unbookable(row) === 'negative_rate',
  },
];

const BOOKABLE: Kind[] = [
  {
    name: 'ended before it was booked',
    rule: 'ends on the day of booking',
    applies: (row) => row.statusDate < row.bookedOn,
  },
  {
    name: 'cancelled on the day of booking',
    rule: 'released after the check-ins of that day',
    applies: (row) => cancelled(row) && row.statusDate === row.bookedOn,
  },
  {
    name: 'cancelled on the day of arrival',
    rule: 'cancelled, as it is not checked in',
    applies: (row) => cancelled(row) && row.statusDate === row.arrival,
  },
  {
    name: 'cancelled after the day of arrival',
    rule: 'cancelled on that day, as it was never checked in',
    applies: (row) => cancelled(row) && row.statusDate > row.arrival,
  },
  {
    name: 'no-show before its arrival',
    rule: 'marked on the day of arrival, the first on which one can fail to show',
    applies: (row) => noShow(row) && row.statusDate < row.arrival,
  },
  {
    name: 'no-show booked on the day of arrival',
    rule: 'released after the check-ins of that day',
    applies: (row) => noShow(row) && row.bookedOn === row.arrival,
  },
  {
    name: 'no-show marked after the day of arrival',
    rule: 'marked on its own date',
    applies: (row) => noShow(row) && row.statusDate > row.arrival,
  },
  {
    name: 'checked out before its arrival',
    rule: 'checked in and out on the day of arrival',
    applies: (row) => left(row) && row.statusDate < row.arrival,
  },
  {
    name: 'checked out on the day of arrival',
    rule: 'checked out after the check-ins of that day; every night is given back',
    applies: (row) => left(row) && row.statusDate === row.arrival,
  },
  {
    name: 'checked out early, after a night or more',
    rule: 'checked out on its own date; nights from it on are given back',
    applies: (row) => left(row) && row.statusDate > row.arrival && row.statusDate < row.departure,
  },
  {
    name: 'checked out late',
    rule: 'checked out on its own date; holds no night past its departure',
    applies: (row) => left(row) && row.statusDate > row.departure,
  },
  { name: 'children without adults', rule: 'booked as it is', applies: (row) => row.adults === 0 },
  { name: 'rate of zero', rule: 'booked at zero', applies: (row) => row.rate === 0 },
  { name: 'no country', rule: 'booked without one', applies: (row) => row.country === undefined },
];

/** Counts each anomaly, zeros included; those of unbookable rows first. A row may show several. */
export const anomaliesOf = (rows: readonly Row[]): Anomaly[] => {
  const bookable = rows.filter((row) => !unbookable(row));
  const count = (among: readonly Row[]) => (kind: Kind) => ({
    name: kind.name,
    rule: kind.rule,
    rows: among.filter(kind.applies).length,
  });
  return [...UNBOOKABLE.map(count(rows)), ...BOOKABLE.map(count(bookable))];
};
