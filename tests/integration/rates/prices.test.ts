import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refreshAllPricesFrom } from '../../../src/features/rates/index.ts';
import { addDays } from '../../../src/kernel/dates.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createPlan, createProperty, createRoomType, key } from '../../support/hotel.ts';
import { failingPaths, refusalOf } from '../../support/refusal.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { allNights, FIRST_NIGHT, NIGHTS, names, type Selection, selection } from './arbitrary-entries.ts';

let app: TestApp;
let tenant: TestTenant;
let propertyId: string;
let ratePlanId: string;
let roomTypeId: string;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('casa');
});
beforeEach(async () => {
  propertyId = (await createProperty(tenant.client)).id;
  roomTypeId = (await createRoomType(tenant.client, propertyId)).id;
  ratePlanId = (await createPlan(tenant.client, propertyId)).id;
});
afterAll(() => app.close());

type Entry = Selection & { price: number | null };
const setPrices = (entries: Entry[], plan = ratePlanId, idempotencyKey = key()) =>
  tenant.client.rates.setPrices.mutate({ ratePlanId: plan, entries, idempotencyKey });
const nights = (from: string, until: string, price: number | null): Entry => ({
  roomTypeIds: [roomTypeId],
  from,
  until,
  price,
});
const pricesOf = async (plan: string, ofRoomType: string, from: string, until: string) => {
  const calendar = await tenant.client.rates.calendar.query({ ratePlanId: plan, roomTypeId: ofRoomType, from, until });
  return new Map(calendar.nights.map(({ night, price }) => [night, price]));
};
const priceFrom = async () => (await tenant.client.properties.get.query({ propertyId })).priceFrom;

describe('setting prices', () => {
  it('leaves each night with the price of the last entry that names it, and no other night with any', async () => {
    const suite = (await createRoomType(tenant.client, propertyId)).id;
    const both = [roomTypeId, suite];
    const price = fc.option(fc.integer({ min: 0, max: 50_000 }));
    const entry = fc.tuple(selection(both), price).map(([nightsOf, amount]): Entry => ({ ...nightsOf, price: amount }));
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 6 }), async (entries) => {
        const plan = (await createPlan(tenant.client, propertyId)).id;
        const half = Math.ceil(entries.length / 2);
        await setPrices(entries.slice(0, half), plan);
        if (half < entries.length) await setPrices(entries.slice(half), plan);
        for (const of of both) {
          const stored = await pricesOf(plan, of, FIRST_NIGHT, addDays(FIRST_NIGHT, NIGHTS));
          const expected = allNights.map((night) => [
            night,
            entries.findLast((candidate) => names(candidate, of, night))?.price ?? null,
          ]);
          expect([...stored]).toEqual(expected);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('counts what it named and what it changed, and changes nothing when it is sent again', async () => {
    const idempotencyKey = key();
    const entries = [nights('2026-05-01', '2026-05-11', 100), nights('2026-05-06', '2026-05-16', 200)];
    const answer = { ratePlanId, nights: 15, changed: 15 };
    expect(await setPrices(entries, ratePlanId, idempotencyKey)).toEqual(answer);
    await setPrices([nights('2026-05-01', '2026-05-02', 999)]);
    expect(await setPrices(entries, ratePlanId, idempotencyKey)).toEqual(answer);
    expect((await pricesOf(ratePlanId, roomTypeId, '2026-05-01', '2026-05-02')).get('2026-05-01')).toBe(999);
    expect(await refusalOf(setPrices([], ratePlanId, idempotencyKey))).toMatchObject({ httpStatus: 400 });
    expect(await refusalOf(setPrices(entries.slice(1), ratePlanId, idempotencyKey))).toMatchObject({
      httpStatus: 409,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await setPrices(entries)).toMatchObject({ nights: 15, changed: 1 });
  });

  it('audits the prices that were there before, in runs', async () => {
    await setPrices([nights('2026-05-01', '2026-05-11', 100)]);
    await setPrices([nights('2026-05-03', '2026-05-05', 200)]);
    const third = [nights('2026-05-01', '2026-05-21', 300)];
    await setPrices(third);
    const [entry] = await tenantRows(
      app.database,
      tenant.tenantId,
      `select before, after from audit_entry where entity_id = $1 and procedure = 'rates.setPrices'
       order by id desc limit 1`,
      [ratePlanId],
    );
    expect(entry).toEqual({
      before: {
        prices: [
          { roomTypeId, from: '2026-05-01', until: '2026-05-03', price: 100 },
          { roomTypeId, from: '2026-05-03', until: '2026-05-05', price: 200 },
          { roomTypeId, from: '2026-05-05', until: '2026-05-11', price: 100 },
        ],
      },
      after: { prices: third },
    });
  });

  it('takes no more statements for many entries than for one', async () => {
    const count = async (entries: Entry[]) => {
      const response = await fetch(`${app.url}/trpc/rates.setPrices`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tenant.ownerKey}` },
        body: JSON.stringify({ ratePlanId, entries, idempotencyKey: key() }),
      });
      expect(response.status).toBe(200);
      return Number(response.headers.get('x-db-query-count'));
    };
    const one = await count([nights('2026-05-01', '2026-05-02', 100)]);
    const fifty = await count(Array.from({ length: 50 }, (_, i) => nights('2026-05-01', '2028-05-01', i)));
    expect(one).toBeGreaterThan(0);
    expect(fifty).toBe(one);
  });
});

describe('what is refused', () => {
  it('names every failing field of every entry', async () => {
    const refusal = await refusalOf(
      setPrices([
        nights('2026-05-02', '2026-05-02', 100),
        { ...nights('2026-02-30', '2026-05-01T00:00:00Z', -1), weekdays: [0, 8] },
        nights('2026-05-01', '2026-05-02', 1.5),
        { ...nights('2026-05-01', '2026-05-02', 1), roomTypeIds: [] },
        { ...nights('2026-05-03', '2026-05-02', 1), pricee: 1 } as Entry,
      ]),
    );
    expect(refusal).toMatchObject({ httpStatus: 400, code: 'INVALID_INPUT' });
    expect(failingPaths(refusal)).toEqual([
      'entries.0.until',
      'entries.1.from',
      'entries.1.price',
      'entries.1.until',
      'entries.1.weekdays.0',
      'entries.1.weekdays.1',
      'entries.2.price',
      'entries.3.roomTypeIds',
      'entries.4.pricee',
      'entries.4.until',
    ]);
  });

  it('is more than 50 entries or 50 000 nights in one call', async () => {
    const fiftyOne = Array.from({ length: 51 }, () => nights('2026-05-01', '2026-05-02', 1));
    expect(failingPaths(await refusalOf(setPrices(fiftyOne)))).toEqual(['entries']);
    const many = Array.from({ length: 14 }, () => nights('2026-01-01', '2036-01-01', 1));
    expect(failingPaths(await refusalOf(setPrices(many)))).toEqual(['entries']);
    const sundays = many.map((entry) => ({ ...entry, weekdays: [7] }));
    expect(await setPrices(sundays)).toMatchObject({ nights: 522 });
  });

  it('is another currency than that of the property', async () => {
    const entries = [nights('2026-05-01', '2026-05-02', 100)];
    const inCurrency = (currency: string) =>
      tenant.client.rates.setPrices.mutate({ ratePlanId, currency, entries, idempotencyKey: key() });
    expect(await refusalOf(inCurrency('USD'))).toMatchObject({
      httpStatus: 422,
      code: 'OTHER_CURRENCY',
      fields: [{ path: 'currency' }],
    });
    expect((await pricesOf(ratePlanId, roomTypeId, '2026-05-01', '2026-05-02')).get('2026-05-01')).toBeNull();
    expect(await inCurrency('EUR')).toMatchObject({ changed: 1 });
  });

  it('is a room type of another property, and all of the call with it', async () => {
    const other = await createRoomType(tenant.client, (await createProperty(tenant.client)).id);
    const entries = [
      nights('2026-05-01', '2026-05-02', 100),
      { ...nights('2026-05-01', '2026-05-02', 100), roomTypeIds: [roomTypeId, other.id] },
    ];
    const refusal = await refusalOf(setPrices(entries));
    expect(refusal).toMatchObject({ httpStatus: 422, code: 'OTHER_PROPERTY' });
    expect(failingPaths(refusal)).toEqual(['entries.1.roomTypeIds.1']);
    expect((await pricesOf(ratePlanId, roomTypeId, '2026-05-01', '2026-05-02')).get('2026-05-01')).toBeNull();
  });

  it("is another tenant's room type, as one that does not exist", async () => {
    const stranger = await app.tenant('stranger');
    const foreign = await createRoomType(stranger.client, (await createProperty(stranger.client)).id);
    const refusals = await Promise.all(
      [foreign.id, '019cd000-0000-7000-8000-000000000000'].map((id) =>
        refusalOf(setPrices([{ ...nights('2026-05-01', '2026-05-02', 1), roomTypeIds: [id] }])),
      ),
    );
    expect(refusals[0]).toEqual(refusals[1]);
    expect(refusals[0]).toMatchObject({ httpStatus: 404, fields: [{ path: 'entries.0.roomTypeIds.0' }] });
  });
});

describe("a property's lowest price", () => {
  it('is that of the nights from the business date on, on active plans and room types', async () => {
    await setPrices([nights('2026-02-01', '2026-03-02', 50), nights('2026-03-02', '2026-04-01', 300)]);
    expect(await priceFrom()).toBe(300);
    const saver = (await createPlan(tenant.client, propertyId)).id;
    const suite = (await createRoomType(tenant.client, propertyId)).id;
    await setPrices([nights('2026-03-20', '2026-03-21', 200)], saver);
    await setPrices([{ ...nights('2026-03-20', '2026-03-21', 100), roomTypeIds: [suite] }]);
    expect(await priceFrom()).toBe(100);
    await tenant.client.roomTypes.update.mutate({ roomTypeId: suite, active: false, idempotencyKey: key() });
    expect(await priceFrom()).toBe(200);
    await tenant.client.rates.updatePlan.mutate({ ratePlanId: saver, active: false, idempotencyKey: key() });
    expect(await priceFrom()).toBe(300);
    await setPrices([nights('2026-03-02', '2026-04-01', null)]);
    expect(await priceFrom()).toBeNull();
  });

  it('stays right when many set prices at once', async () => {
    const plans = await Promise.all(Array.from({ length: 6 }, () => createPlan(tenant.client, propertyId)));
    await Promise.all(
      plans.map(({ id }, index) => setPrices([nights('2026-05-01', '2026-05-02', 1_000 + 100 * index)], id)),
    );
    expect(await priceFrom()).toBe(1_000);
    await Promise.all(
      plans.map(({ id }, index) => setPrices([nights('2026-05-01', '2026-05-02', 2_000 - 100 * index)], id)),
    );
    expect(await priceFrom()).toBe(1_500);
  });

  it('serves the list to filter by', async () => {
    await setPrices([nights('2026-05-01', '2026-05-02', 77_700)]);
    const found = async (range: { minPrice?: number; maxPrice?: number }) =>
      (await tenant.client.properties.list.query({ active: true, limit: 100, ...range })).items.map(({ id }) => id);
    expect(await found({ minPrice: 77_700, maxPrice: 77_700 })).toEqual([propertyId]);
    expect(await found({ minPrice: 77_701 })).not.toContain(propertyId);
    expect(await found({ maxPrice: 77_699 })).not.toContain(propertyId);
  });

  it('forgets nights that are over once it is refreshed', async () => {
    await setPrices([nights('2026-03-02', '2026-03-03', 100), nights('2026-03-03', '2026-04-01', 300)]);
    app.clock.advanceTo('2026-03-03T12:00:00.000Z');
    expect(await refreshAllPricesFrom(app.application.database, app.clock)).toBeGreaterThan(0);
    expect(await priceFrom()).toBe(300);
    expect(await refreshAllPricesFrom(app.application.database, app.clock)).toBe(0);
  });
});
