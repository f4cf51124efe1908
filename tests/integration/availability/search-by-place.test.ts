import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel } from '../../support/hotel.ts';
import { FREE_NIGHT, type Place, placeProperties } from './placed-properties.ts';

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance from unit vectors rather than by the haversine formula. */
const distanceBetween = (a: Place, b: Place): number => {
  const vector = ({ latitude, longitude }: Place): [number, number, number] => [
    Math.cos(radians(latitude)) * Math.cos(radians(longitude)),
    Math.cos(radians(latitude)) * Math.sin(radians(longitude)),
    Math.sin(radians(latitude)),
  ];
  const [ax, ay, az] = vector(a);
  const [bx, by, bz] = vector(b);
  const cross = Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
  return 6371 * Math.atan2(cross, ax * bx + ay * by + az * bz);
};

/** Mid-latitudes, the polar regions and both sides of the date line, fixed by the index. */
const places: Place[] = Array.from({ length: 400 }, (_, i) => {
  const turn = (i * 0.618_034) % 1;
  if (i % 4 === 0) return { latitude: 80 + 10 * turn, longitude: -180 + i * 0.9 };
  if (i % 4 === 1) return { latitude: -20 + 40 * turn, longitude: i % 8 === 1 ? 180 - i / 50 : -180 + i / 50 };
  return { latitude: 30 + 35 * turn, longitude: -10 + i / 10 };
});

let app: TestApp;
let tenant: TestTenant;
let ids: string[];
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('places');
  ids = await placeProperties(app, tenant, places);
});
afterAll(() => app.close());

const search = (place: Pick<Parameters<typeof tenant.client.availability.search.query>[0], 'near' | 'box' | 'sort'>) =>
  tenant.client.availability.search.query({ ...FREE_NIGHT, ...place, limit: 100 });

const indexes = fc.nat({ max: places.length - 1 });
const placeAt = (index: number): Place => places[index] ?? { latitude: 0, longitude: 0 };

describe('search by place', () => {
  it('shows what lies within the radius, with its distance and nearest first, up to the rim', async () => {
    const onTheRim = fc.record({
      center: indexes,
      rim: indexes,
      shift: fc.record({
        latitude: fc.double({ min: -3, max: 3, noNaN: true }),
        longitude: fc.double({ min: -3, max: 3, noNaN: true }),
      }),
      beyond: fc.constantFrom(-1e-4, 1e-4),
    });
    let rims = 0;
    await fc.assert(
      fc.asyncProperty(onTheRim, async ({ center, rim, shift, beyond }) => {
        const near = {
          latitude: Math.max(-90, Math.min(90, placeAt(center).latitude + shift.latitude)),
          longitude: Math.max(-180, Math.min(180, placeAt(center).longitude + shift.longitude)),
        };
        const nearest = places.map((place) => distanceBetween(near, place)).filter((km) => km < 499);
        fc.pre(nearest.length > 0);
        const radiusKm = (nearest[rim % nearest.length] ?? 0) * (1 + beyond) + 1e-6;
        const expected = places
          .map((place, index) => ({ id: ids[index], km: distanceBetween(near, place) }))
          .filter(({ km }) => km <= radiusKm)
          .sort((a, b) => a.km - b.km);
        fc.pre(expected.length <= 100);
        rims += 1;
        const { items } = await search({ near: { ...near, radiusKm }, sort: 'distance' });
        const errors = items.map(({ distanceKm }, index) => Math.abs((distanceKm ?? -1) - (expected[index]?.km ?? -1)));
        expect(Math.max(0, ...errors)).toBeLessThan(1e-5);
        expect(new Set(items.map(({ propertyId }) => propertyId))).toEqual(new Set(expected.map(({ id }) => id)));
      }),
      { numRuns: 200 },
    );
    expect(rims).toBeGreaterThan(60);
  });

  it('shows what lies in the box, also across the date line', async () => {
    const corner = fc.record({
      latitude: fc.integer({ min: -9_000, max: 9_000 }).map((n) => n / 100),
      longitude: fc.integer({ min: -18_000, max: 18_000 }).map((n) => n / 100),
    });
    await fc.assert(
      fc.asyncProperty(corner, corner, async (one, other) => {
        const [south, north] = [one.latitude, other.latitude].sort((a, b) => a - b) as [number, number];
        const box = { south, north, west: one.longitude, east: other.longitude };
        const width = (box.east - box.west + 360) % 360;
        const expected = places.flatMap((place, index) =>
          place.latitude >= south && place.latitude <= north && (place.longitude - box.west + 360) % 360 <= width
            ? [ids[index]]
            : [],
        );
        fc.pre(expected.length <= 100);
        const { items } = await search({ box });
        expect(items.map(({ propertyId }) => propertyId).sort()).toEqual(expected.sort());
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out properties that do not say where they are', async () => {
    const other = await app.tenant('somewhere');
    await createHotel(other.client);
    const nights = { arrival: '2026-04-01', departure: '2026-04-02' };
    const anywhere = { south: -90, north: 90, west: -180, east: 180 };
    expect((await other.client.availability.search.query(nights)).items).toMatchObject([{ distanceKm: null }]);
    expect((await other.client.availability.search.query({ ...nights, box: anywhere })).items).toEqual([]);
  });
});
