import { isLocalDate, type LocalDate } from '../../kernel/dates.ts';
import { divideHalfUp } from '../../kernel/money.ts';

export const COLUMNS = [
  'hotel',
  'is_canceled',
  'lead_time',
  'arrival_date_year',
  'arrival_date_month',
  'arrival_date_day_of_month',
  'stays_in_weekend_nights',
  'stays_in_week_nights',
  'adults',
  'children',
  'babies',
  'country',
  'market_segment',
  'distribution_channel',
  'reserved_room_type',
  'adr',
  'reservation_status',
  'reservation_status_date',
] as const;
export type Column = (typeof COLUMNS)[number];

/** The text of a record's column. */
export type Field = (column: Column) => string;

/** Why a record can't be read; the message names the column and its text. */
export class BrokenRecord extends Error {}

export const broken = (column: Column, text: string, expected: string) =>
  new BrokenRecord(`${column} is '${text}', expected ${expected}`);

export const given = (field: Field, column: Column): string => {
  const text = field(column);
  if (text === '') throw broken(column, text, 'a value');
  return text;
};

export const wholeNumber = (field: Field, column: Column): number => {
  const text = field(column);
  if (!/^\d{1,5}$/.test(text)) throw broken(column, text, 'a whole number');
  return Number(text);
};

/** Decimal text to minor units of two digits, half up (towards positive infinity at .5), without floating point. */
export const minorUnits = (field: Field, column: Column): number => {
  const text = field(column);
  const [, minus = '', whole = '', fraction = ''] = /^(-?)(\d{1,9})(?:\.(\d{1,12}))?$/.exec(text) ?? [];
  if (whole === '') throw broken(column, text, 'a decimal number');
  return divideHalfUp(BigInt(`${minus}${whole}${fraction}`) * 100n, 10n ** BigInt(fraction.length));
};

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

const calendarDay = (column: Column, text: string, year: string, month: string, day: string): LocalDate => {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (!isLocalDate(date)) throw broken(column, text, 'a day of the calendar');
  return date;
};

/** The arrival date, of its three columns. */
export const arrivalDate = (field: Field): LocalDate => {
  const [year, name, day] = [
    field('arrival_date_year'),
    field('arrival_date_month'),
    field('arrival_date_day_of_month'),
  ];
  const month = MONTHS.indexOf(name) + 1;
  return calendarDay('arrival_date_day_of_month', `${day} ${name} ${year}`, year, `${month}`, day);
};

/** A date written month/day/year, without leading zeros. */
export const slashedDate = (field: Field, column: Column): LocalDate => {
  const text = field(column);
  const [month = '', day = '', year = ''] = text.split('/');
  return calendarDay(column, text, year, month, day);
};
