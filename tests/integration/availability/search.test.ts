import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchInput } from '../../../src/features/availability/search-schemas.ts';
import { encodeCursor } from '../../../src/kernel/wire.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, createPlan, createRoomType, type Hotel, key } from '../../support/hotel.ts';
import { failingPaths, refusalOf } from '../../support/refusal.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { FREE_NIGHT, placeProperties } from './placed-properties.ts';

let app: TestApp;
let tenant: TestTenant;
const hotels: Hotel[] = [];

const STAY = { arrival: '2026-03-10', departure: '2026-03-12' };
const near = { latitude: 38.7, longitude: -9.1, radiusKm: 50 };

type Wish = Partial<Omit<SearchInput, 'rooms'>>;
const search = (wish: Wish = {}, of: TestTenant = tenant) =>
  of.client.availability.search.query({ ...STAY, limit: 100, ...(wish as object) });
const found = async (wish: Wish) => (await search(wish)).items.map(({ propertyId }) => propertyId);
const ids = (...indexes: number[]) => indexes.map((index) => hotels[index]?.propertyId);

/** Twelve hotels whose prices, ratings and distances repeat, so that equal keys fall on both sides of a page's end. */
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('search');
  for (let i = 0; i < 12; i++) {
    const property = {
      name: `Hotel ${i}`,
      city: i < 6 ? 'Lisboa' : 'São João  da Madeira',
      type: ['hotel', 'hostel', 'villa'][i % 3] ?? '',
      amenities: [...(i % 2 === 0 ? ['pool'] : []), ...(i % 3 === 0 ? ['wifi', 'sauna'] : [])],
      currency: i === 11 ? 'USD' : 'EUR',
      latitude: near.latitude + (i % 4) / 10,
      longitude: near.longitude,
    };
    hotels.push(await createHotel(tenant.client, { property, price: 5_000 + 1_000 * (i % 3) }));
  }
  const rated =
    'update property set rating = 3 + n % 3 from unnest($1::uuid[]) with ordinality r (id, n) where property.id = r.id and n > 2';
  await tenantRows(app.database, tenant.tenantId, rated, [hotels.map(({ propertyId }) => propertyId)]);
});
afterAll(() => app.close());

describe('the order of search', () => {
  it.each([
    ['price', (hit) => hit.total],
    ['rating', (hit) => -(hit.rating ?? -1)],
    ['distance', (hit) => hit.distanceKm ?? 0],
  ] as const satisfies [SearchInput['sort'], (hit: Awaited<ReturnType<typeof search>>['items'][number]) => number][])(
    'by %s is kept across pages that skip and repeat nothing, equal keys by id',
    async (sort, keyOf) => {
      const { items: whole, nextCursor } = await search({ sort, near });
      expect(nextCursor).toBeNull();
      expect(whole).toHaveLength(12);
      const ordered = whole.toSorted((a, b) => keyOf(a) - keyOf(b) || (a.propertyId < b.propertyId ? -1 : 1));
      expect(whole).toEqual(ordered);
      for (const limit of [1, 5, 6]) {
        const paged: typeof whole = [];
        let cursor: string | undefined;
        do {
          const page = await search({ sort, near, limit, ...(cursor ? { cursor } : {}) });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          paged.push(...page.items);
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        expect(paged).toEqual(whole);
      }
    },
  );

  it('is by price unless told otherwise, 20 a page', async () => {
    const many = await app.tenant('twenty');
    await placeProperties(
      app,
      many,
      Array.from({ length: 21 }, (_, i) => ({ latitude: i, longitude: i })),
    );
    const page = await many.client.availability.search.query(FREE_NIGHT);
    expect(page.items.map(({ total }) => total)).toEqual(Array.from({ length: 20 }, (_, i) => 100 * (i + 1)));
    expect(page.nextCursor).not.toBeNull();
  });
});

describe('the filters of search', () => {
  it('compare cities without case, accents and doubled spaces', async () => {
    expect(await found({ city: 'LISBOA' })).toHaveLength(6);
    expect(await found({ city: ' sao joão da madeira ' })).toHaveLength(6);
    expect(await found({ city: 'Lisbo' })).toEqual([]);
  });

  it('ask for one of the types, all of the amenities and the currency', async () => {
    expect((await found({ types: ['hostel', 'villa'] })).sort()).toEqual(ids(1, 2, 4, 5, 7, 8, 10, 11).sort());
    expect((await found({ amenities: ['pool', 'sauna'] })).sort()).toEqual(ids(0, 6).sort());
    expect(await found({ currency: 'USD' })).toEqual(ids(11));
  });

  it('bound the total of the stay on both sides, and of several offers show the cheapest within', async () => {
    expect((await found({ minTotal: 12_000, maxTotal: 13_999 })).sort()).toEqual(ids(1, 4, 7, 10).sort());
    const hotel = await createHotel(tenant.client, { property: { city: 'Porto' }, price: 5_000 });
    const suite = await createRoomType(tenant.client, hotel.propertyId, { name: 'Suite' });
    await tenant.client.rates.setPrices.mutate({
      ratePlanId: hotel.ratePlanId,
      entries: [{ roomTypeIds: [suite.id], from: '2026-03-01', until: '2026-04-01', price: 9_000 }],
      idempotencyKey: key(),
    });
    expect((await search({ city: 'Porto' })).items).toMatchObject([{ roomTypeId: hotel.roomTypeId, total: 10_000 }]);
    expect((await search({ city: 'Porto', minTotal: 10_001 })).items).toMatchObject([
      { roomTypeId: suite.id, total: 18_000 },
    ]);
    expect((await search({ city: 'Porto', minTotal: 10_001, maxTotal: 17_999 })).items).toEqual([]);
  });

  it('show the plan’s and room type’s names and how many rooms are left', async () => {
    const hotel = await createHotel(tenant.client, {
      property: { city: 'Faro' },
      roomType: { name: 'Twin', physicalRooms: 4 },
      plan: { name: 'Advance' },
    });
    await createPlan(tenant.client, hotel.propertyId);
    expect((await search({ city: 'Faro' })).items).toMatchObject([
      { ...hotel, roomTypeName: 'Twin', ratePlanName: 'Advance', roomsLeft: 4, total: 20_000, currency: 'EUR' },
    ]);
  });
});

describe('the total of search', () => {
  it('is given only when asked for, the same on every page and also where the page is empty', async () => {
    expect(await search({ city: 'Lisboa' })).not.toHaveProperty('total');
    const first = await search({ city: 'Lisboa', limit: 4, withTotal: true });
    expect(first).toMatchObject({ total: 6, totalIsCapped: false });
    const second = await search({ city: 'Lisboa', limit: 4, withTotal: true, cursor: first.nextCursor ?? '' });
    expect(second.items).toHaveLength(2);
    expect(second).toMatchObject({ total: 6, totalIsCapped: false, nextCursor: null });
    const beyond = encodeCursor([1e12, '019cd000-0000-7000-8000-000000000000']);
    expect(await search({ city: 'Lisboa', withTotal: true, cursor: beyond })).toEqual({
      items: [],
      nextCursor: null,
      total: 6,
      totalIsCapped: false,
    });
    const nothing = { items: [], nextCursor: null, total: 0, totalIsCapped: false };
    expect(await search({ city: 'Atlantis', withTotal: true })).toEqual(nothing);
  });

  it('stops counting at 10 000 and says so, and the answer takes one statement whatever its size', async () => {
    const many = await app.tenant('many');
    await placeProperties(
      app,
      many,
      Array.from({ length: 10_001 }, () => ({ latitude: 0, longitude: 0 })),
    );
    const statements = async (limit: number) => {
      const response = await fetch(`${app.url}/api/v1/availability/search`, {
        method: 'POST',
        headers: { authorization: `Bearer ${many.ownerKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...FREE_NIGHT, limit, withTotal: true }),
      });
      const answer = (await response.json()) as Awaited<ReturnType<typeof search>>;
      expect(answer.items).toHaveLength(limit);
      expect(answer).toMatchObject({ total: 10_000, totalIsCapped: true });
      return response.headers.get('x-db-query-count');
    };
    // The header counts what runs for the tenant; looking up the key, before a tenant is known, is not in it.
    expect([await statements(1), await statements(100)]).toEqual(['1', '1']);
  });
});

describe('search refuses', () => {
  it.each([
    'x',
    encodeCursor([1]),
    encodeCursor(['1', '019cd000-0000-7000-8000-000000000000']),
    encodeCursor([1, 'no id']),
    Buffer.from('{}').toString('base64url'),
  ])('the damaged cursor %s', async (cursor) => {
    expect(await refusalOf(search({ cursor }))).toMatchObject({ httpStatus: 400, code: 'INVALID_CURSOR' });
  });

  it.each([
    [{ arrival: '2026-02-30' }, ['arrival']],
    [{ arrival: '2026-03-10T00:00:00Z' }, ['arrival']],
    [{ arrival: '2026-03-12' }, ['departure']],
    [{ departure: '2027-03-12' }, ['departure']],
    [{ rooms: [{ adults: 0 }] }, ['rooms.0']],
    [{ rooms: [] }, ['rooms']],
    [{ sort: 'distance' }, ['near']],
    [{ near: { ...near, radiusKm: 501 } }, ['near.radiusKm']],
    [{ box: { south: 2, north: 1, west: 0, east: 1 } }, ['box']],
    [{ minTotal: 2, maxTotal: 1 }, ['maxTotal']],
    [{ limit: 101 }, ['limit']],
    [{ stars: 5 }, ['stars']],
  ])('%j, naming the field', async (wish, paths) => {
    const refusal = await refusalOf(search(wish as Wish));
    expect(refusal).toMatchObject({ httpStatus: 400, code: 'INVALID_INPUT' });
    expect(failingPaths(refusal)).toEqual(paths);
  });
});
