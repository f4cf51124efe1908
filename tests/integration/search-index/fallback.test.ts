import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createSearch } from '../../../src/features/availability/search.ts';
import { type SearchIndexes, searchIndexed } from '../../../src/features/availability/search-index/index.ts';
import { type SearchInput, searchInput } from '../../../src/features/availability/search-schemas.ts';
import type { ConsistencyToken } from '../../../src/kernel/consistency-token.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, holdRoom, key } from '../../support/hotel.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { holdableReads } from './held-back.ts';
import { indexInStep, openIndexes, presentToken } from './in-step.ts';

const STAY = { arrival: '2026-03-10', departure: '2026-03-12' };

let app: TestApp;
let tenant: TestTenant;
let hotels: Hotel[];
let tenants = 0;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '', SEARCH_INDEX: 'false' } });
});
afterAll(() => app.close());

/** Four hotels with a room each, the later the dearer. */
beforeEach(async () => {
  tenant = await app.tenant(`fallback-${tenants++}`);
  hotels = [];
  for (const price of [10_000, 11_000, 12_000, 13_000]) {
    hotels.push(await createHotel(tenant.client, { physicalRooms: 1, price }));
  }
});

const opened = (changes: Parameters<typeof openIndexes>[1] = {}): SearchIndexes => {
  const indexes = openIndexes(app, changes);
  onTestFinished(() => indexes.close());
  return indexes;
};

/** An index that knows all, and then nothing of what comes, until it is released. */
const heldBack = async (changes: Parameters<typeof openIndexes>[1] = {}) => {
  const reads = holdableReads(app.application.database);
  const indexes = opened({ database: reads.database, maxLagMs: 60_000, ...changes });
  onTestFinished(() => reads.release());
  const index = await indexInStep(app, indexes, tenant.tenantId);
  await reads.hold();
  return { index, indexes, release: reads.release };
};

const wish = (changes: Partial<SearchInput> = {}): SearchInput => ({ ...searchInput.parse(STAY), ...changes });

const byIndex = async (
  { indexes }: { indexes: SearchIndexes },
  changes: Partial<SearchInput> = {},
  token: ConsistencyToken | null = null,
) => {
  const index = indexes.of(tenant.tenantId);
  if (!index) return null;
  const scope = newScope(tenant.tenantId, token);
  const request = { database: app.application.database, index, scope, nowMs: app.clock.nowMs() };
  const page = await searchIndexed(request, wish(changes));
  return page && { ...page, seen: scope.versions.seen };
};

const bySearch = (indexes: SearchIndexes, token: ConsistencyToken | null) =>
  createSearch({ database: app.application.database, clock: app.clock, indexes })(
    newScope(tenant.tenantId, token),
    wish(),
  );

const propertyIds = (page: { items: { propertyId: string }[] } | null) =>
  page?.items.map(({ propertyId }) => propertyId);
const idsOf = (...indexes: number[]) => indexes.map((index) => hotels[index]?.propertyId);
const hotel = (index: number): Hotel => hotels[index] as Hotel;

describe('the statement answers in place of the index', () => {
  it('whoever has seen more than the index has, and the index again once it has that', async () => {
    const held = await heldBack();
    await holdRoom(tenant.client, hotel(0), STAY.arrival, STAY.departure);
    const token = await presentToken(app, tenant.tenantId);
    expect(await byIndex(held, {}, token)).toBeNull();
    expect(propertyIds(await bySearch(held.indexes, token))).toEqual(idsOf(1, 2, 3));
    held.release();
    await indexInStep(app, held.indexes, tenant.tenantId);
    await expect.poll(() => byIndex(held, {}, token)).not.toBeNull();
    expect(propertyIds(await byIndex(held, {}, token))).toEqual(idsOf(1, 2, 3));
  });

  it('while the index is being built', async () => {
    const reads = holdableReads(app.application.database);
    await reads.hold();
    const indexes = opened({ database: reads.database });
    onTestFinished(() => reads.release());
    expect(await byIndex({ indexes })).toBeNull();
    expect(propertyIds(await bySearch(indexes, null))).toEqual(idsOf(0, 1, 2, 3));
    reads.release();
    await indexInStep(app, indexes, tenant.tenantId);
    expect(propertyIds(await byIndex({ indexes }))).toEqual(idsOf(0, 1, 2, 3));
  });

  it('to a tenant that needs more memory than there is', async () => {
    const indexes = opened({ maxBytes: 100_000 });
    expect(indexes.of(tenant.tenantId)).not.toBeNull();
    await expect.poll(() => indexes.of(tenant.tenantId)).toBeNull();
    expect(propertyIds(await bySearch(indexes, null))).toEqual(idsOf(0, 1, 2, 3));
  });

  it('while the index has had no news for too long', async () => {
    const held = await heldBack({ maxLagMs: 300 });
    await expect.poll(() => byIndex(held)).toBeNull();
    expect(propertyIds(await bySearch(held.indexes, null))).toEqual(idsOf(0, 1, 2, 3));
    held.release();
    await expect.poll(() => byIndex(held)).not.toBeNull();
  });

  it('for nights that may be opened without an event, and that the index does not hold', async () => {
    const short = 'update room_type set inventory_until = $2 where id = $1';
    await tenantRows(app.database, tenant.tenantId, short, [hotel(0).roomTypeId, STAY.departure]);
    const indexes = opened();
    await indexInStep(app, indexes, tenant.tenantId);
    expect(propertyIds(await byIndex({ indexes }))).toEqual(idsOf(0, 1, 2, 3));
    expect(await byIndex({ indexes }, { departure: '2026-03-13' })).toBeNull();
    expect(await byIndex({ indexes }, { arrival: '2027-04-01', departure: '2027-04-02' })).toBeNull();
  });

  it('after a hold has ended, until its nights have been read anew', async () => {
    await holdRoom(tenant.client, hotel(0), STAY.arrival, STAY.departure, 5);
    const held = await heldBack();
    expect(propertyIds(await byIndex(held))).toEqual(idsOf(1, 2, 3));
    app.clock.advanceTo(new Date(app.clock.nowMs() + 5 * 60_000).toISOString());
    expect(await byIndex(held)).toBeNull();
    held.release();
    await expect.poll(async () => propertyIds(await byIndex(held))).toEqual(idsOf(0, 1, 2, 3));
  });
});

describe('a page of the index', () => {
  it('loses what was taken meanwhile and is filled up with what follows', async () => {
    const held = await heldBack();
    expect(propertyIds(await byIndex(held, { limit: 2 }))).toEqual(idsOf(0, 1));
    await holdRoom(tenant.client, hotel(0), STAY.arrival, STAY.departure);
    await holdRoom(tenant.client, hotel(1), STAY.arrival, STAY.departure);
    const page = await byIndex(held, { limit: 1, withTotal: true });
    expect(propertyIds(page)).toEqual(idsOf(2));
    expect(page).toMatchObject({ total: 2, totalIsCapped: false, nextCursor: expect.any(String) });
    expect(propertyIds(await byIndex(held, { limit: 1, cursor: page?.nextCursor ?? '' }))).toEqual(idsOf(3));
  });

  it('is left to the statement when a price on it has changed', async () => {
    const held = await heldBack();
    const { ratePlanId, roomTypeId } = hotel(0);
    const entry = { roomTypeIds: [roomTypeId], from: STAY.arrival, until: STAY.departure, price: 12_500 };
    await tenant.client.rates.setPrices.mutate({ ratePlanId, entries: [entry], idempotencyKey: key() });
    expect(await byIndex(held)).toBeNull();
    expect(propertyIds(await bySearch(held.indexes, null))).toEqual(idsOf(1, 2, 0, 3));
  });

  it('carries a token of what the index has seen, also when it is empty', async () => {
    const indexes = opened();
    await indexInStep(app, indexes, tenant.tenantId);
    const page = await byIndex({ indexes }, { city: 'Atlantis' });
    expect(page).toMatchObject({ items: [], nextCursor: null, seen: { lsn: expect.any(String) } });
  });

  it('refuses a damaged cursor', async () => {
    const indexes = opened();
    await indexInStep(app, indexes, tenant.tenantId);
    await expect(byIndex({ indexes }, { cursor: 'x' })).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
  });
});
