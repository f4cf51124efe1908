import { daysBetween } from '../../../kernel/dates.ts';
import { type Party, stayTotal } from '../../rates/index.ts';
import type { SearchInput } from '../search-schemas.ts';
import { NIGHTS, nightMasks } from './night-window.ts';
import { MOST_ROOMS } from './offer-block.ts';
import type { Terms } from './offer-table.ts';

/** A search in the terms of the columns. */
export interface Wish {
  /** Nights of the window: [from, until). */
  from: number;
  until: number;
  nights: number;
  /** The first word of nights in a plane, and the bits that each word from there on must have. */
  word: number;
  masks: number[];
  rooms: number;
  /** What the largest of the parties needs. */
  adults: number;
  children: number;
  occupancy: number;
  minTotal: number;
  maxTotal: number;
}

/** Null for nights that are not all in the window, the departure date's included, or more rooms than are known of. */
export const wishOf = (input: SearchInput, firstNight: string): Wish | null => {
  const from = daysBetween(firstNight, input.arrival);
  const until = daysBetween(firstNight, input.departure);
  const { rooms } = input;
  if (from < 0 || until >= NIGHTS || rooms.length > MOST_ROOMS) return null;
  const most = (count: (room: Party) => number) => Math.max(...rooms.map(count));
  return {
    from,
    until,
    nights: until - from,
    ...nightMasks(from, until),
    rooms: rooms.length,
    adults: most((room) => room.adults),
    children: most((room) => room.childAges.length),
    occupancy: most((room) => room.adults + room.childAges.length),
    minTotal: input.minTotal ?? 0,
    maxTotal: input.maxTotal ?? Number.MAX_SAFE_INTEGER,
  };
};

/** What a party of rooms pays on some terms. */
export interface Tariff {
  /** The total of all rooms, from the sum of a room's nights. */
  total(price: number): number;
  /** Whether that is the sum itself for each room. */
  isPlain: boolean;
}

/** The tariff of a search's party by the number of the terms, each reckoned when it is asked for. */
export const tariffsOf = (
  { rooms, arrival, departure }: SearchInput,
  terms: readonly Terms[],
): ((code: number) => Tariff) => {
  const nights = daysBetween(arrival, departure);
  const tariffs: (Tariff | undefined)[] = [];
  const reckon = ({ occupancy, taxes }: Terms): Tariff => {
    const totals = rooms.map((party) => stayTotal({ occupancy, taxes, party }, nights));
    const isPlain = rooms.every(
      ({ adults, childAges }) => childAges.length === 0 && adults <= occupancy.includedAdults,
    );
    return {
      total: (price) => totals.reduce((sum, total) => sum + total(price), 0),
      isPlain: isPlain && taxes.every(({ included }) => included),
    };
  };
  return (code) => {
    tariffs[code] ??= reckon(terms[code] as Terms);
    return tariffs[code];
  };
};
