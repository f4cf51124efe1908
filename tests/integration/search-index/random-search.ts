import { type SearchInput, searchInput } from '../../../src/features/availability/search-schemas.ts';
import { addDays } from '../../../src/kernel/dates.ts';
import type { Lots } from '../../support/lots.ts';
import { AMENITIES, CITIES, CURRENCIES, DAYS, FIRST_DAY, TYPES } from './random-market.ts';

const randomPlace = (lots: Lots) => ({
  latitude: 38 + lots.below(200) / 100,
  longitude: -180 + lots.below(50) / 100,
  radiusKm: 5 + lots.below(120),
});

/** A search that finds something more often than not. */
export const randomSearch = (lots: Lots): SearchInput => {
  const arrival = addDays(FIRST_DAY, lots.below(DAYS));
  const nights = lots.chance(0.05) ? 5 + lots.below(30) : 1 + lots.below(4);
  const near = lots.chance(0.3) ? randomPlace(lots) : undefined;
  const [one, other] = [37 + lots.below(40) / 10, 37 + lots.below(40) / 10];
  const room = () => ({
    adults: 1 + lots.below(3),
    childAges: lots.chance(0.2) ? [lots.below(18), ...(lots.chance(0.3) ? [lots.below(18)] : [])] : [],
  });
  return searchInput.parse({
    arrival,
    departure: addDays(arrival, nights),
    ...(lots.chance(0.8) ? { rooms: Array.from({ length: lots.pick([1, 1, 1, 2, 3]) }, room) } : {}),
    ...(lots.chance(0.2) ? { city: lots.pick([...CITIES, 'Nowhere']) } : {}),
    ...(lots.chance(0.2) ? { types: lots.pick([TYPES.slice(0, 1), TYPES.slice(1), ['castle']]) } : {}),
    ...(lots.chance(0.2)
      ? { amenities: [lots.pick(AMENITIES), ...(lots.chance(0.3) ? [lots.pick(AMENITIES)] : [])] }
      : {}),
    ...(lots.chance(0.2) ? { currency: lots.pick(CURRENCIES) } : {}),
    ...(lots.chance(0.2) ? { minTotal: lots.below(8_000) } : {}),
    ...(lots.chance(0.2) ? { maxTotal: 8_000 + lots.below(20_000) } : {}),
    ...(lots.chance(0.1)
      ? { box: { south: Math.min(one, other), north: Math.max(one, other), west: 179, east: lots.pick([-179.6, 180]) } }
      : {}),
    ...(near ? { near } : {}),
    sort: lots.pick(['price', 'rating', near ? 'distance' : 'price']),
    limit: lots.pick([1, 3, 10, 50]),
    withTotal: true,
  });
};
