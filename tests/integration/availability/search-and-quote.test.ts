import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { markets, type Wish, wishes } from './arbitrary-market.ts';
import { buildProperty, type Combination } from './build-market.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

interface Offered extends Combination {
  total: number;
  roomsLeft: number;
}

/** Every room type with every plan that a quote finds bookable for all rooms of the wish. */
const quotedOffers = async (
  { client }: TestTenant,
  combinations: Combination[],
  { arrival, departure, rooms }: Wish,
): Promise<Offered[]> => {
  const stays = combinations.map(({ roomTypeId, ratePlanId }) => ({ roomTypeId, ratePlanId, arrival, departure }));
  const [first = { adults: 1 }] = rooms;
  const [checked, quotes] = await Promise.all([
    client.availability.check.query({ stays: stays.map((stay) => ({ ...stay, ...first })) }),
    Promise.all(
      stays.map((stay) => client.bookings.quote.query({ lines: rooms.map((room) => ({ ...stay, ...room })) })),
    ),
  ]);
  return combinations.flatMap((combination, index) => {
    const quote = quotes[index];
    if (!quote?.bookable || quote.total === null) return [];
    return [{ ...combination, total: quote.total, roomsLeft: checked.stays[index]?.available ?? 0 }];
  });
};

const cheapestOf = (offers: Offered[]): Map<string, number> => {
  const cheapest = new Map<string, number>();
  for (const { propertyId, total } of offers) {
    cheapest.set(propertyId, Math.min(total, cheapest.get(propertyId) ?? Number.POSITIVE_INFINITY));
  }
  return cheapest;
};

let tenants = 0;
const seen = { hits: 0, searches: 0 };

it('search shows each property that a quote finds bookable, once, with its cheapest offer at the total of the quote', async () => {
  await fc.assert(
    fc.asyncProperty(markets, fc.array(wishes, { minLength: 8, maxLength: 8 }), async (market, wanted) => {
      tenants += 1;
      const tenant = await app.tenant(`market-${tenants}`);
      const built = await Promise.all(market.map((property) => buildProperty(app, tenant, property)));
      app.clock.advanceTo(new Date(app.clock.nowMs() + 120_000).toISOString());
      for (const wish of wanted) {
        const answer = await tenant.client.availability.search.query({ ...wish, limit: 100 });
        const quoted = await quotedOffers(tenant, built.flat(), wish);
        const hits = answer.items.map(
          ({ propertyId, roomTypeId, ratePlanId, total, roomsLeft }): Offered => ({
            ...{ propertyId, roomTypeId, ratePlanId, total, roomsLeft },
          }),
        );
        expect(quoted).toEqual(expect.arrayContaining(hits));
        expect(new Map(hits.map(({ propertyId, total }) => [propertyId, total]))).toEqual(cheapestOf(quoted));
        expect(hits).toHaveLength(cheapestOf(quoted).size);
        seen.hits += hits.length;
        seen.searches += 1;
      }
    }),
    { numRuns: 20 },
  );
  expect(seen.hits).toBeGreaterThan(seen.searches / 4);
}, 120_000);
