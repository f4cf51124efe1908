import { CITIES } from '../../src/features/imports/generation/cities.ts';
import { seededRandom, wholeBetween } from '../../src/features/imports/generation/seeded-random.ts';
import { addDays } from '../../src/kernel/dates.ts';

/** What is searched for; a box where it is one. */
export interface SearchRequest {
  city: string;
  arrival: string;
  departure: string;
  adults: number;
  box: { south: number; north: number; west: number; east: number } | null;
}

const DAYS_AHEAD = 330;

/** Searches of one to fourteen nights in these cities, every other one within a box around the centre; no two are alike. */
export const searchRequests = (cities: readonly string[], count: number, today: string): SearchRequest[] => {
  const places = CITIES.filter(({ city }) => cities.includes(city));
  return Array.from({ length: count }, (_, number) => {
    const random = seededRandom(1, number);
    const place = places[wholeBetween(random, 0, places.length)];
    if (!place) throw new RangeError('none of the cities is known');
    const arrival = addDays(today, wholeBetween(random, 2, DAYS_AHEAD));
    const [half, longHalf] = [0.01 + 0.03 * random(), 0.01 + 0.05 * random()];
    const { latitude, longitude } = place;
    const box = {
      ...{ south: latitude - half, north: latitude + half },
      ...{ west: longitude - longHalf, east: longitude + longHalf },
    };
    return {
      city: place.city,
      arrival,
      departure: addDays(arrival, wholeBetween(random, 1, 15)),
      adults: wholeBetween(random, 1, 5),
      box: number % 2 === 0 ? null : box,
    };
  });
};

/** As the product is asked. */
export const productPath = ({ city, arrival, departure, adults, box }: SearchRequest): string => {
  const input = { city, arrival, departure, rooms: [{ adults }], ...(box && { box }) };
  return `/trpc/availability.search?input=${encodeURIComponent(JSON.stringify(input))}`;
};

/** As plain-search-server.ts is asked. */
export const plainPath = ({ city, box, ...rest }: SearchRequest): string => {
  const fields = Object.entries({ ...rest, ...box, city: city.toLowerCase() });
  return `/search?${new URLSearchParams(fields.map(([name, value]) => [name, String(value)]))}`;
};
