import type { LocalDate } from '../../kernel/dates.ts';

export type Hotel = 'resort' | 'city';
export type Status = 'Check-Out' | 'Canceled' | 'No-Show';

/** One booking of the dataset. Dates are property-local; the rate is in minor units (EUR cents) per night. */
export interface Row {
  /** 1-based data row: its line in the file less the header. Unique and stable, so keys can derive from it. */
  row: number;
  hotel: Hotel;
  roomType: string;
  bookedOn: LocalDate;
  leadDays: number;
  arrival: LocalDate;
  departure: LocalDate;
  nights: number;
  adults: number;
  children: number;
  babies: number;
  rate: number;
  status: Status;
  /** The day on which the status was reached, as the file has it. */
  statusDate: LocalDate;
  /** ISO 3166-1 alpha-3 as a rule; the file also has 'CN' and the withdrawn 'TMP'. */
  country: string | undefined;
  channel: string;
  marketSegment: string;
}
