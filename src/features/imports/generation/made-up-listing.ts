import type { ListingCalendar } from '../listing-calendars.ts';
import type { City } from './cities.ts';
import { seededRandom, wholeBetween } from './seeded-random.ts';
import { variedNights } from './varied-nights.ts';

/** What all of a data set is made from. */
export interface Pattern {
  seed: number;
  listings: readonly ListingCalendar[];
  /** Where the listings really are. */
  origin: City;
  /** Of the listings' first night, 1 on Monday. */
  weekday: number;
}

const MOST_CHARACTERS = 200;

/** The reference by which a property of a data set is known again. */
export const generatedRef = (seed: number, number: number): string => `generated-${seed}-${number}`;

/** Property `number` of a data set: a listing moved to a city and varied, the same one each time. */
export const madeUpListing = (
  { seed, listings, origin, weekday }: Pattern,
  number: number,
  city: City,
): ListingCalendar => {
  const random = seededRandom(seed, number);
  const source = listings[wholeBetween(random, 0, listings.length)];
  if (!source) throw new RangeError('a data set is made from one listing at least');
  const { listing, nights, rows } = source;
  // A degree of longitude is shorter further north.
  const narrower = Math.cos((origin.latitude * Math.PI) / 180) / Math.cos((city.latitude * Math.PI) / 180);
  const nearby = () => 0.004 * (random() - 0.5);
  return {
    listing: {
      ...listing,
      externalRef: generatedRef(seed, number),
      name: listing.name.replaceAll(/\bantwerp(en)?\b/gi, city.city).slice(0, MOST_CHARACTERS),
      latitude: city.latitude + listing.latitude - origin.latitude + nearby(),
      longitude: city.longitude + (listing.longitude - origin.longitude) * narrower + nearby(),
      rating: listing.rating && Math.min(5, Math.round(100 * (listing.rating - 0.2 + 0.3 * random())) / 100),
      reviewCount: Math.round(listing.reviewCount * 2 * random()),
    },
    nights: variedNights(nights, weekday, city.priceLevel, random),
    rows,
  };
};
