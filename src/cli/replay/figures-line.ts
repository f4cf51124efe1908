import type { Hotel, Status } from './row.ts';

/** The few fields that the figures need, read from one line on their own account. */
export interface Stay {
  hotel: Hotel;
  status: Status;
  year: number;
  /** 1 to 12 */
  month: number;
  day: number;
  nights: number;
  guests: number;
  /** Cents per night. */
  rate: number;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const cents = (decimal: string): number => {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const roundUp = Number(fraction[2] ?? 0) >= 5 ? 1 : 0;
  const amount = Number(whole) * 100 + Number(fraction.slice(0, 2).padEnd(2, '0')) + roundUp;
  return decimal.startsWith('-') ? -amount : amount;
};

/** Reads a line's fields by the header's columns; throws RangeError, naming the column, on one that it can't. */
export const stayOf = (columns: readonly string[], line: string): Stay => {
  const fields = line.split(',');
  const text = (column: string) => fields[columns.indexOf(column)] ?? '';
  const fault = (column: string) => new RangeError(`${column} is '${text(column)}'`);
  const number = (column: string) => {
    const value = text(column) === '' ? Number.NaN : Number(text(column));
    if (Number.isNaN(value)) throw fault(column);
    return value;
  };

  if (!['City Hotel', 'Resort Hotel'].includes(text('hotel'))) throw fault('hotel');
  const status = text('reservation_status');
  if (status !== 'Check-Out' && status !== 'Canceled' && status !== 'No-Show') throw fault('reservation_status');
  const month = MONTHS.indexOf(text('arrival_date_month').slice(0, 3)) + 1;
  if (month === 0) throw fault('arrival_date_month');
  number('adr');
  return {
    hotel: text('hotel') === 'City Hotel' ? 'city' : 'resort',
    status,
    year: number('arrival_date_year'),
    month,
    day: number('arrival_date_day_of_month'),
    nights: number('stays_in_weekend_nights') + number('stays_in_week_nights'),
    guests: number('adults') + (text('children') === 'NA' ? 0 : number('children')) + number('babies'),
    rate: cents(text('adr')),
  };
};
