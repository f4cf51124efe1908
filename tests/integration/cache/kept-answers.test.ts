import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createProperty, key } from '../../support/hotel.ts';

let app: TestApp;
let tenant: TestTenant;
let propertyId: string;
beforeAll(async () => {
  app = await startApp({ settings: { CACHE_POLL_MS: '20' } });
  tenant = await app.tenant('kept');
  ({ id: propertyId } = await createProperty(tenant.client, { name: 'Zimmer mit Aussicht – 眺め' }));
});
afterAll(() => app.close());

const get = (path: string, headers: Record<string, string> = {}, credentials = tenant.ownerKey) =>
  fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${credentials}`, ...headers } });

const one = () => `/trpc/properties.get?input=${encodeURIComponent(JSON.stringify({ propertyId }))}`;
const batch = (...inputs: object[]) =>
  `/trpc/${inputs.map(() => 'properties.get').join()}?batch=1&input=${encodeURIComponent(JSON.stringify({ ...inputs }))}`;

const hits = () => app.application.cache?.stats().types.property.hit ?? 0;

/** Asks until the answer is one that was kept. */
const kept = async (path: string) => {
  let answer = await get(path);
  await vi.waitUntil(async () => {
    const before = hits();
    answer = await get(path);
    return answer.ok && hits() > before;
  });
  return answer;
};

test.each([
  ['a call', () => one()],
  ['a batch', () => batch({ propertyId }, { propertyId })],
  ['REST', () => `/api/v1/properties/${propertyId}`],
])('%s is answered with the same words when they were kept', async (_what, path) => {
  await vi.waitUntil(async () => (await get(path())).ok);
  const fresh = await get(path());
  const again = await kept(path());
  expect(await again.text()).toBe(await fresh.text());
  expect(again.headers.get('content-type')).toContain('application/json');
});

test('who has an answer already is told that it is still good, until it is not', async () => {
  for (const path of [one(), `/api/v1/properties/${propertyId}`]) {
    const etag = (await kept(path)).headers.get('etag') ?? '';
    const unchanged = await get(path, { 'if-none-match': `"other", ${etag}` });
    expect({ status: unchanged.status, text: await unchanged.text() }).toEqual({ status: 304, text: '' });
    await tenant.client.properties.update.mutate({ propertyId, name: `Changed ${path}`, idempotencyKey: key() });
    await vi.waitUntil(async () => (await get(path, { 'if-none-match': etag })).status === 200, { timeout: 5_000 });
  }
});

test('what is kept is given to nobody who may not ask for it, and to no other tenant', async () => {
  await kept(one());
  const { secret } = await tenant.client.apiKeys.create.mutate({
    ...{ name: 'Elsewhere', permissions: ['account:read'], idempotencyKey: key() },
  });
  expect((await get(one(), {}, secret ?? '')).status).toBe(403);
  expect((await get(one(), {}, 'nonsense')).status).toBe(401);
  expect((await fetch(`${app.url}${one()}`)).status).toBe(401);
  const stranger = await app.tenant('stranger');
  expect((await get(one(), {}, stranger.ownerKey)).status).toBe(404);
});

test('kept and new answers and refusals come together in one batch', async () => {
  await kept(one());
  const { id: other } = await createProperty(tenant.client, { name: 'Other' });
  await vi.waitUntil(async () => (await get(batch({ propertyId: other }))).ok);
  const answer = await get(batch({ propertyId }, { propertyId: other, extra: 1 }, { propertyId: other }));
  expect(answer.status).toBe(207);
  expect(await answer.json()).toMatchObject([
    { result: { data: { id: propertyId } } },
    { error: { data: { code: 'INVALID_INPUT' } } },
    { result: { data: { id: other } } },
  ]);
});

test('a kept answer is compressed for who takes that', async () => {
  await Promise.all(Array.from({ length: 5 }, (_, i) => createProperty(tenant.client, { name: `Filling ${i}` })));
  const list = `/trpc/properties.list?input=${encodeURIComponent('{}')}`;
  await kept(list);
  for (const coding of ['br', 'gzip', 'identity']) {
    for (let time = 0; time < 2; time++) {
      const answer = await get(list, { 'accept-encoding': coding });
      expect(answer.headers.get('content-encoding')).toBe(coding === 'identity' ? null : coding);
      expect(
        ((await answer.json()) as { result: { data: { items: unknown[] } } }).result.data.items.length,
      ).toBeGreaterThan(5);
    }
  }
});
