import { afterAll, beforeAll, expect, it } from 'vitest';
import { offerStatement } from '../../../src/features/availability/offer-statement.ts';
import { search } from '../../../src/features/availability/search.ts';
import { wordsOf } from '../../../src/features/availability/search-index/id-table.ts';
import { type SearchIndexes, searchIndexed } from '../../../src/features/availability/search-index/index.ts';
import { DISTANCE_TOLERANCE_KM } from '../../../src/features/availability/search-index/place-filter.ts';
import type { TenantIndex } from '../../../src/features/availability/search-index/tenant-index.ts';
import type { SearchInput } from '../../../src/features/availability/search-schemas.ts';
import { searchPosition } from '../../../src/features/availability/search-statement.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { drawLots } from '../../support/lots.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { indexInStep, openIndexes } from './in-step.ts';
import { randomChanges } from './random-change.ts';
import { buildRandomMarket, type Offered } from './random-market.ts';
import { randomSearch } from './random-search.ts';

const lots = drawLots(20_260_302);

let app: TestApp;
let tenant: TestTenant;
let offered: Offered[];
let indexes: SearchIndexes;
const faults: unknown[] = [];
beforeAll(async () => {
  app = await startApp({
    settings: { DATABASE_REPLICA_URLS: '', SEARCH_INDEX: 'false' },
    onFault: (error) => faults.push(error),
  });
  tenant = await app.tenant('random');
  offered = await buildRandomMarket(app, tenant, lots, 60);
  indexes = openIndexes(app, { onFault: (error) => faults.push(error) });
});
afterAll(async () => {
  await indexes.close();
  await app.close();
});

const bySql = (input: SearchInput) =>
  app.application.database.read(newScope(tenant.tenantId), 'replica', (db) => search(db, input, app.clock.nowIso()));

const counted = { compared: 0, hits: 0, pages: 0, confirmed: 0, declined: 0 };

/** What the columns alone hold to be the page, before the database confirms it. */
const expectColumnsRight = async (index: TenantIndex, input: SearchInput): Promise<string | null> => {
  const truth = await bySql(input);
  const cursor = searchPosition(input);
  const place = cursor && { key: cursor[0], id: wordsOf(cursor[1]) };
  const ready = await index.inStep(null, app.clock.nowMs());
  const found = ready?.content.search(input, app.clock.nowMs(), place, 100);
  if (!found) {
    counted.declined += 1;
    return null;
  }
  counted.compared += 1;
  counted.hits += truth.items.length;
  expect(found.found, JSON.stringify(input)).toBe(truth.total);
  const own = ({ propertyId, roomTypeId, ratePlanId, total }: Offered & { total: number }) => ({
    ...{ propertyId, roomTypeId, ratePlanId, total },
  });
  // By distance those come along that rounding may have put on the other side of the cursor.
  const isAfter = ({ sortKey, propertyId }: { sortKey: number; propertyId: string }) =>
    input.sort !== 'distance' ||
    !cursor ||
    sortKey > cursor[0] + DISTANCE_TOLERANCE_KM ||
    (sortKey > cursor[0] - DISTANCE_TOLERANCE_KM && propertyId > cursor[1]);
  const page = found.candidates.filter(isAfter).slice(0, input.limit);
  expect(page.map(own), JSON.stringify(input)).toEqual(truth.items.map(own));
  return truth.nextCursor;
};

/** The whole of an answer, as callers get it. */
const expectSameAnswer = async (index: TenantIndex, input: SearchInput): Promise<void> => {
  const scope = newScope(tenant.tenantId);
  const request = { database: app.application.database, index, scope, nowMs: app.clock.nowMs() };
  const answer = await searchIndexed(request, input);
  if (!answer) return;
  counted.confirmed += 1;
  expect(answer, JSON.stringify(input)).toEqual(await bySql(input));
};

/** What pages are confirmed by, asked of everything that is sold: the cheapest offer of each property is what a search shows. */
const expectOffersRight = async (asked: SearchInput): Promise<void> => {
  const input = { ...asked, cursor: undefined, limit: 100 };
  const offers = await tenantRows<Offered>(
    app.database,
    tenant.tenantId,
    `select t.property_id as "propertyId", t.id as "roomTypeId", r.id as "ratePlanId"
     from room_type t join rate_plan r on r.property_id = t.property_id`,
  );
  const { rows } = await app.application.database.read(newScope(tenant.tenantId), 'replica', (db) =>
    offerStatement(input, app.clock.nowIso(), offers).execute(db),
  );
  const order = ({ total, roomTypeId, ratePlanId }: (typeof rows)[number]) =>
    `${String(total).padStart(16, '0')} ${roomTypeId} ${ratePlanId}`;
  const cheapest = new Map<string, (typeof rows)[number]>();
  for (const row of rows.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))) {
    if (!cheapest.has(row.propertyId)) cheapest.set(row.propertyId, row);
  }
  const { items } = await bySql(input);
  const byProperty = new Map(items.map((item) => [item.propertyId, item]));
  const hits = [...cheapest.values()].map(({ sortKey: _key, found: _found, ...hit }) => [hit.propertyId, hit] as const);
  expect(new Map(hits), JSON.stringify(input)).toEqual(byProperty);
};

it('the index answers thousands of searches as the statement does, while all that can be booked changes', async () => {
  const changeOne = randomChanges(tenant.client, lots, offered);
  const change = () =>
    changeOne().catch((error: unknown) => {
      throw new Error('a change failed', { cause: faults[0] ?? error });
    });
  for (let batch = 0; batch < 15; batch++) {
    const index = await indexInStep(app, indexes, tenant.tenantId);
    await Promise.all(
      Array.from({ length: 80 }, async (_, i) => {
        let input: SearchInput = randomSearch(lots);
        if (i % 4 === 1) await expectOffersRight(input);
        for (let page = 0; page < 3; page++) {
          if (i % 5 === 0) await expectSameAnswer(index, input);
          const cursor = await expectColumnsRight(index, input);
          if (!cursor) break;
          counted.pages += 1;
          input = { ...input, cursor };
        }
      }),
    );
    for (let i = 0; i < 25; i++) await change();
    // Some holds end by it, of which no event tells.
    if (batch % 2 === 1) app.clock.advanceTo(new Date(app.clock.nowMs() + 7 * 60_000).toISOString());
  }
  expect(faults).toEqual([]);
  expect(counted.compared).toBeGreaterThan(1_500);
  expect(counted.hits).toBeGreaterThan(5_000);
  expect(counted.pages).toBeGreaterThan(300);
  expect(counted.confirmed).toBeGreaterThan(250);
  expect(counted.declined).toBeLessThan(20);
}, 120_000);
