import type { SearchInput } from '../../../../src/features/availability/search-schemas.ts';
import { type Party, priceLine } from '../../../../src/features/rates/index.ts';
import { businessDateAt, daysBetween } from '../../../../src/kernel/dates.ts';
import { FIRST_NIGHT, type ModelNight, type ModelProperty, NOW_MS } from './arbitrary-columns.ts';

interface Hit {
  propertyId: string;
  roomTypeId: string;
  ratePlanId: string;
  total: number;
  sortKey: number;
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const isIn = ({ latitude, longitude }: ModelProperty, box: NonNullable<SearchInput['box']>): boolean => {
  if (latitude === null || longitude === null) return false;
  const { south, north, west, east } = box;
  const isBetween = west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
  return latitude >= south && latitude <= north && isBetween;
};

const isMeant = (property: ModelProperty, input: SearchInput): boolean =>
  (!input.city || input.city.toLowerCase().replace('é', 'e') === property.cityKey) &&
  (!input.types || input.types.includes(property.type)) &&
  (!input.currency || input.currency === property.currency) &&
  (!input.amenities || input.amenities.every((name) => property.amenities.includes(name))) &&
  (!input.box || isIn(property, input.box));

const isSold = (nights: readonly ModelNight[], departure: ModelNight, rooms: Party[], daysAhead: number): boolean => {
  const [arrival] = nights;
  if (!arrival || daysAhead < 0) return false;
  return (
    nights.every((night) => night.rooms >= rooms.length) &&
    !arrival.closedToArrival &&
    !departure.closedToDeparture &&
    nights.length >= arrival.minStay &&
    nights.length <= arrival.maxStay &&
    daysAhead >= arrival.minAdvance &&
    daysAhead <= arrival.maxAdvance
  );
};

/** What a search finds, offer by offer and night by night, in order. */
export const plainSearch = (
  market: readonly ModelProperty[],
  model: ReadonlyMap<string, readonly ModelNight[]>,
  input: SearchInput,
): Hit[] => {
  const { arrival, departure, rooms } = input;
  const [from, until] = [daysBetween(FIRST_NIGHT, arrival), daysBetween(FIRST_NIGHT, departure)];
  const hits = market.flatMap((property): Hit[] => {
    if (!isMeant(property, input)) return [];
    const daysAhead = daysBetween(businessDateAt(NOW_MS, property.timeZone, property.dayStartsAt), arrival);
    const own = property.offers.flatMap(({ roomTypeId, ratePlanId, capacity, occupancy }): Hit[] => {
      const all = model.get(`${roomTypeId} ${ratePlanId}`) ?? [];
      const nights = all.slice(from, until);
      const last = all[until];
      const fits = rooms.every(
        ({ adults, childAges }) =>
          adults <= capacity.maxAdults &&
          childAges.length <= capacity.maxChildren &&
          adults + childAges.length <= capacity.maxOccupancy,
      );
      if (!last || !fits || !isSold(nights, last, rooms, daysAhead)) return [];
      const priced = nights.map(({ price }) => ({ night: arrival, price }));
      const total = rooms.reduce(
        (sum, party) => sum + priceLine({ nights: priced, party, occupancy, taxes: property.taxes }).total,
        0,
      );
      if (total < (input.minTotal ?? 0) || total > (input.maxTotal ?? Number.POSITIVE_INFINITY)) return [];
      const sortKey = input.sort === 'price' ? total : -(property.rating ?? -1);
      return [{ propertyId: property.propertyId, roomTypeId, ratePlanId, total, sortKey }];
    });
    const inOrder = own.toSorted(
      (a, b) => a.total - b.total || byText(a.roomTypeId, b.roomTypeId) || byText(a.ratePlanId, b.ratePlanId),
    );
    return inOrder.slice(0, 1);
  });
  return hits.toSorted((a, b) => a.sortKey - b.sortKey || byText(a.propertyId, b.propertyId));
};
