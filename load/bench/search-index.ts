import { SearchColumns } from '../../src/features/availability/search-index/columns.ts';
import { NIGHTS } from '../../src/features/availability/search-index/night-window.ts';
import { MOST_ROOMS } from '../../src/features/availability/search-index/offer-block.ts';
import { type SearchInput, searchInput } from '../../src/features/availability/search-schemas.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { quantile } from './load.ts';
import { atMost, figure, type Row } from './row.ts';

// npm run bench -- search-index [PROPERTIES] [SEARCHES]: fills the columns of the search index with made-up properties
// (100 000, one room type and plan each), without a database, and tells their memory and how long a search (500) of one to
// fourteen nights takes.

const properties = Number(process.argv[2] ?? 100_000);
const searches = Number(process.argv[3] ?? 500);
const FIRST = '2026-03-01';
const NOW_MS = Date.parse('2026-03-02T12:00:00Z');
const CITIES = 50;

let seed = 12_345;
/** The same numbers in [0, 1) at every run. */
const random = (): number => {
  seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
  return (seed >>> 0) / 2 ** 32;
};
const below = (bound: number): number => Math.floor(random() * bound);
const uuid = (): string => {
  const hex = Array.from({ length: 8 }, () => below(65_536).toString(16).padStart(4, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

const AMENITIES = Array.from({ length: 60 }, (_, i) => `amenity ${i}`);

const fill = (columns: SearchColumns): void => {
  const nights = {
    count: NIGHTS,
    rooms: new Uint8Array(NIGHTS),
    prices: new Float64Array(NIGHTS),
    closedToArrival: new Uint8Array(NIGHTS),
    closedToDeparture: new Uint8Array(NIGHTS),
    limits: null,
  };
  for (let i = 0; i < properties; i++) {
    const guests = 1 + below(8);
    let isFree = true;
    const price = 4_000 + below(20_000);
    for (let night = 0; night < NIGHTS; night++) {
      if (random() < 0.12) isFree = !isFree;
      nights.rooms[night] = isFree ? 1 : 0;
      nights.prices[night] = price + below(4_000);
    }
    columns.setOffer(
      {
        propertyId: uuid(),
        cityKey: `city ${Math.floor((i * CITIES) / properties)}`,
        type: `type ${below(6)}`,
        currency: 'EUR',
        latitude: 36 + random() * 20,
        longitude: -9 + random() * 30,
        rating: below(50) / 10,
        amenities: AMENITIES.filter(() => random() < 0.4),
        timeZone: 'Europe/Lisbon',
        dayStartsAt: '04:00',
      },
      {
        roomTypeId: uuid(),
        ratePlanId: uuid(),
        maxAdults: guests,
        maxChildren: guests,
        maxOccupancy: guests,
        terms: { occupancy: { includedAdults: guests, extraAdult: 0, childPrices: [] }, taxes: [] },
      },
      nights,
    );
  }
};

const wish = (changes: Partial<SearchInput>): SearchInput => {
  const arrival = addDays(FIRST, 5 + below(340));
  return { ...searchInput.parse({ arrival, departure: addDays(arrival, 1 + below(14)) }), ...changes };
};

const memory = (): number => {
  globalThis.gc?.();
  const { rss } = process.memoryUsage();
  return rss / 1e6;
};

const KINDS: [string, () => Partial<SearchInput>][] = [
  ['anywhere, by price', () => ({})],
  ['anywhere, by rating, counted', () => ({ sort: 'rating', withTotal: true })],
  ['a city, by price', () => ({ city: `city ${below(CITIES)}` })],
  ['amenities and types', () => ({ amenities: ['amenity 1', 'amenity 2'], types: ['type 1', 'type 2'] })],
  ['near a place, by distance', () => ({ near: { latitude: 46, longitude: 5, radiusKm: 300 }, sort: 'distance' })],
  ['a party with a child', () => ({ rooms: [{ adults: 2, childAges: [7] }] })],
];
export const run = async (): Promise<Row[]> => {
  const before = memory();
  const startedAt = performance.now();
  const columns = new SearchColumns(FIRST);
  fill(columns);
  const filledMs = performance.now() - startedAt;
  console.log(`${properties} properties of ${NIGHTS} nights, rooms known up to ${MOST_ROOMS}`);
  console.log(`filled in ${(filledMs / 1_000).toFixed(1)} s, most of it making them up`);
  const rows: Row[] = [
    atMost(
      200e6,
      `columns of the search index, ${properties} properties x ${NIGHTS} nights`,
      columns.bytes,
      `${(columns.bytes / 1e6).toFixed(0)} MB (resident memory +${(memory() - before).toFixed(0)} MB)`,
      '<= 200 MB',
    ),
  ];

  for (const [name, changes] of KINDS) {
    const times: number[] = [];
    let found = 0;
    let cpu = process.cpuUsage();
    for (let i = 0; i < searches + 50; i++) {
      if (i === 50) cpu = process.cpuUsage();
      const input = wish(changes());
      const began = performance.now();
      const answer = columns.search(input, NOW_MS, null, 22);
      if (i >= 50) times.push(performance.now() - began);
      found += answer?.found ?? 0;
    }
    const [median, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
    const { user, system } = process.cpuUsage(cpu);
    const cpuMs = (user + system) / 1_000 / searches;
    const average = Math.round(found / (searches + 50));
    const times95 = `median ${median.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`;
    rows.push(figure(`scan of them: ${name}`, `${times95}, CPU ${cpuMs.toFixed(2)} ms (${average} found)`));
  }
  return rows;
};
