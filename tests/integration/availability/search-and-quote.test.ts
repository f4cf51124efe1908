import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { everyStay, markets, parties, type Wish, wishes } from './arbitrary-market.ts';
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

const offered = async ({ client }: TestTenant, wish: Wish): Promise<Offered[]> => {
  const { items } = await client.availability.search.query({ ...wish, limit: 100 });
  return items.map(({ propertyId, roomTypeId, ratePlanId, total, roomsLeft }) => ({
    ...{ propertyId, roomTypeId, ratePlanId, total, roomsLeft },
  }));
};

/** How each room type with each plan is judged for one room of the wish, as the batch check does. */
const checked = async ({ client }: TestTenant, combinations: Combination[], wish: Wish) => {
  const { arrival, departure, rooms } = wish;
  const stays = combinations.flatMap(({ roomTypeId, ratePlanId }) =>
    rooms.slice(0, 1).map((room) => ({ roomTypeId, ratePlanId, arrival, departure, ...room })),
  );
  return (await client.availability.check.query({ stays })).stays;
};

/** Every room type with every plan that a quote finds bookable for all rooms of the wish. */
const quoted = async (tenant: TestTenant, combinations: Combination[], wish: Wish): Promise<Offered[]> => {
  const { arrival, departure, rooms } = wish;
  const left = await checked(tenant, combinations, wish);
  const quotes = await Promise.all(
    combinations.map(({ roomTypeId, ratePlanId }) =>
      tenant.client.bookings.quote.query({
        lines: rooms.map((room) => ({ roomTypeId, ratePlanId, arrival, departure, ...room })),
      }),
    ),
  );
  return combinations.flatMap((combination, index) => {
    const quote = quotes[index];
    if (!quote?.bookable || quote.total === null) return [];
    return [{ ...combination, total: quote.total, roomsLeft: left[index]?.available ?? 0 }];
  });
};

const bookable = async (tenant: TestTenant, combinations: Combination[], wish: Wish): Promise<Offered[]> => {
  const stays = await checked(tenant, combinations, wish);
  return combinations.flatMap((combination, index) => {
    const stay = stays[index];
    return stay?.bookable ? [{ ...combination, total: stay.total ?? -1, roomsLeft: stay.available }] : [];
  });
};

/** Each property that has offers, with one of its cheapest. */
const expectCheapest = (hits: Offered[], offers: Offered[]): void => {
  const cheapest = new Map<string, number>();
  for (const { propertyId, total } of offers) {
    cheapest.set(propertyId, Math.min(total, cheapest.get(propertyId) ?? Number.POSITIVE_INFINITY));
  }
  expect(offers).toEqual(expect.arrayContaining(hits));
  expect(hits.map(({ propertyId }) => propertyId).sort()).toEqual([...cheapest.keys()].sort());
  expect(hits.map(({ total }) => total)).toEqual(hits.map(({ propertyId }) => cheapest.get(propertyId)));
};

let tenants = 0;
let hits = 0;

it('search shows each property that a quote finds bookable, once, with its cheapest offer at the total of the quote', async () => {
  await fc.assert(
    fc.asyncProperty(
      markets,
      parties,
      fc.array(wishes, { minLength: 4, maxLength: 4 }),
      async (market, room, wanted) => {
        tenants += 1;
        const tenant = await app.tenant(`market-${tenants}`);
        const built = await Promise.all(market.map((property) => buildProperty(app, tenant, property)));
        app.clock.advanceTo(new Date(app.clock.nowMs() + 120_000).toISOString());
        const ask = async (wish: Wish, judge: typeof quoted) => {
          const found = await offered(tenant, wish);
          expectCheapest(found, await judge(tenant, built.flat(), wish));
          hits += found.length;
        };
        await Promise.all(everyStay(room).map((wish) => ask(wish, bookable)));
        await Promise.all(wanted.map((wish) => ask(wish, quoted)));
      },
    ),
    { numRuns: 20 },
  );
  expect(hits).toBeGreaterThan(20);
}, 120_000);
