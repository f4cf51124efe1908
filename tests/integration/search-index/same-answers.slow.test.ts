import { afterAll, beforeAll, expect, it } from 'vitest';
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
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '', SEARCH_INDEX: 'false' } });
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

it('the index answers thousands of searches as the statement does, while all that can be booked changes', async () => {
  const change = randomChanges(tenant.client, lots, offered);
  for (let batch = 0; batch < 15; batch++) {
    const index = await indexInStep(app, indexes, tenant.tenantId);
    await Promise.all(
      Array.from({ length: 80 }, async (_, i) => {
        let input: SearchInput = randomSearch(lots);
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
