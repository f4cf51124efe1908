import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createAskedAnswers } from '../../../src/features/performance/index.ts';
import type { AskedOften } from '../../../src/platform/cache/index.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createProperty } from '../../support/hotel.ts';

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { CACHE_POLL_MS: '20' } });
  tenant = await app.tenant('warmed');
});
afterAll(() => app.close());

const askedAnswers = () => createAskedAnswers({ database: app.application.database, clock: app.clock });

const asked = (input: string, count: number): AskedOften => ({
  ...{ tenant: '', type: 'search', path: 'availability.search', input, count },
});

test('what a process was asked for most is filled by the next one before it is asked', async () => {
  const { client, ownerKey } = tenant;
  const properties = [];
  for (const name of ['Often', 'Sometimes', 'Once']) properties.push(await createProperty(client, { name }));
  await app.application.warmer?.round();
  for (let minute = 0; minute < 5; minute++) {
    app.clock.advanceTo(new Date(app.clock.nowMs() + 60_000).toISOString());
    for (const { id: propertyId } of properties.slice(0, 5 - minute)) {
      await client.properties.get.query({ propertyId });
    }
  }
  await app.application.warmer?.stop();

  const next = await startApp({ settings: { CACHE_POLL_MS: '20', WARM_CONNECTIONS: '1' }, database: app.database });
  try {
    const { application } = next;
    const property = () => application.cache?.stats().types.property;
    expect(await application.warmer?.round()).toBe(3);
    expect(property()).toMatchObject({ warmed: 3, fills: 3, hit: 0, miss: 0, memory: { entries: 3 } });
    const answer = await next.client(ownerKey).properties.get.query({ propertyId: properties[0]?.id ?? '' });
    expect(answer).toEqual(properties[0]);
    expect(property()).toMatchObject({ hit: 1, miss: 0 });
  } finally {
    await next.close();
  }
});

test('a server is ready while what was asked for is still being filled', async () => {
  const next = await startApp({ database: app.database });
  try {
    next.application.warmer?.start();
    expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
    await vi.waitUntil(() => next.application.cache?.stats().types.property.warmed === 3, { timeout: 10_000 });
  } finally {
    await next.close();
  }
});

test('processes add to the same counts, and old ones weigh less', async () => {
  const { load, save } = askedAnswers();
  const { tenantId } = await app.tenant('counted');
  const inputs = async () =>
    (await load(1_000, null)).filter((call) => call.tenant === tenantId).map(({ input }) => input);
  await Promise.all([
    save(tenantId, [asked('"a"', 5), asked('"b"', 6), asked('"c"', 1)]),
    save(tenantId, [asked('"b"', 4), asked('"a"', 7)]),
  ]);
  expect(await inputs()).toEqual(['"a"', '"b"', '"c"']);
  app.clock.advanceTo(new Date(app.clock.nowMs() + 24 * 3_600_000).toISOString());
  await save(tenantId, [asked('"c"', 2)]);
  expect(await inputs()).toEqual(['"c"', '"a"', '"b"']);
  app.clock.advanceTo(new Date(app.clock.nowMs() + 76 * 3_600_000).toISOString());
  await save(tenantId, [asked('"d"', 1)]);
  expect(await inputs()).toEqual(['"d"', '"c"']);
});

test('what is read of some tenants is theirs, however much more others are asked for', async () => {
  const { load, save } = askedAnswers();
  const [large, small] = [await app.tenant('large'), await app.tenant('small')];
  await save(large.tenantId, [asked('"a"', 900), asked('"b"', 800)]);
  await save(small.tenantId, [asked('"c"', 3)]);
  expect(await load(1, new Set([small.tenantId]))).toMatchObject([{ tenant: small.tenantId, input: '"c"' }]);
  expect(await load(1, new Set())).toEqual([]);
});

test('where somebody is or looks is never remembered', async () => {
  const { load, save } = askedAnswers();
  const { tenantId } = await app.tenant('discreet');
  const near = '{"near":{"latitude":51.2194475,"longitude":4.4024643,"radiusKm":1}}';
  const escaped = '{"city":"Ghent","ne\\u0061r":{"latitude":51.2194475,"longitude":4.4024643,"radiusKm":1}}';
  const box = '{"box":{"south":51.2,"west":4.4,"north":51.3,"east":4.5}}';
  await save(
    tenantId,
    [near, escaped, box, '{"city":"Near Ghent"}'].map((input) => asked(input, 100)),
  );
  expect((await load(9, new Set([tenantId]))).map(({ input }) => input)).toEqual(['{"city":"Near Ghent"}']);
});

test('only what is asked for most is remembered, and no tenant reads another’s', async () => {
  const { save } = askedAnswers();
  const { tenantId } = await app.tenant('bounded');
  await save(
    tenantId,
    Array.from({ length: 1_200 }, (_, index) => asked(String(index), 2_000 - index)),
  );
  const read = (scope = newScope(tenantId)) =>
    app.application.database.read(scope, 'primary', (db) =>
      sql<{ input: string }>`select input from asked_answer order by score desc`.execute(db),
    );
  const { rows } = await read();
  expect(rows.map(({ input }) => input)).toEqual(Array.from({ length: 1_000 }, (_, index) => String(index)));
  expect((await read(newScope(null))).rows).toEqual([]);
});
