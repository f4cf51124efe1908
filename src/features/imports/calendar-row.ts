import { priceOf } from './price.ts';
import { remembered } from './remembered.ts';

/** What the calendar says about one night of a listing. */
export interface CalendarNight {
  available: boolean;
  /** Minor units; null only where the night is not available. */
  price: number | null;
  minStay: number | null;
  maxStay: number | null;
}

export const CALENDAR_COLUMNS = [
  'listing_id',
  'date',
  'available',
  'price',
  'minimum_nights',
  'maximum_nights',
] as const;

export type CalendarColumns = Record<(typeof CALENDAR_COLUMNS)[number], number>;

/** The longest stay limit that a rate can have. */
const MAX_LIMIT = 999;

/** The number; null for none, undefined for a text that is no whole number above zero. */
const limitOf = (text: string): number | null | undefined => {
  if (text === '') return null;
  const limit = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return limit > 0 ? limit : undefined;
};

/** Reads what a row says about its night, or why it can't be taken. `digits` are those of the currency's minor unit. */
export const createNightReader = (columns: CalendarColumns, digits: number) => {
  const knownPrice = remembered((text) => priceOf(text, digits));

  return (fields: readonly string[]): CalendarNight | string => {
    const availability = fields[columns.available];
    if (availability !== 't' && availability !== 'f') return 'available is neither t nor f';
    const available = availability === 't';

    const priceText = fields[columns.price] ?? '';
    const price = priceText === '' ? null : knownPrice(priceText);
    if (price === null && priceText !== '') return 'price is not an amount above zero';
    if (price === null && available) return 'price is missing';

    const minStay = limitOf(fields[columns.minimum_nights] ?? '');
    if (minStay === undefined || (minStay ?? 1) > MAX_LIMIT) {
      return `minimum_nights is not a whole number from 1 to ${MAX_LIMIT}`;
    }
    const givenMax = limitOf(fields[columns.maximum_nights] ?? '');
    if (givenMax === undefined) return 'maximum_nights is not a whole number above zero';
    // A higher maximum than any stay can have is how Airbnb says that there is none.
    const maxStay = givenMax !== null && givenMax > MAX_LIMIT ? null : givenMax;
    if (minStay !== null && maxStay !== null && minStay > maxStay) return 'minimum_nights lies above maximum_nights';
    return { available, price, minStay, maxStay };
  };
};
