import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { refusalOf } from '../../support/refusal.ts';
import { lockTable, waitingForLocks } from '../../support/table-lock.ts';

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({
    settings: {
      MAX_QUERIES: '2',
      MAX_MUTATIONS: '1',
      MAX_QUEUED: '3',
      QUEUE_TIMEOUT_MS: '20000',
      DATABASE_REPLICA_URLS: '',
    },
  });
  tenant = await app.tenant('flood');
});
afterAll(() => app.close());

const bearer = () => ({ authorization: `Bearer ${tenant.ownerKey}` });
const WAYS = [
  () => fetch(`${app.url}/api/v1/users`, { headers: bearer() }),
  () => fetch(`${app.url}/trpc/users.list?input={}`, { headers: bearer() }),
  // A type that only the stock adapter takes.
  () =>
    fetch(`${app.url}/trpc/users.list?batch=1&input={"0":{}}`, {
      headers: { ...bearer(), 'trpc-accept': 'application/jsonl' },
    }),
];
const { query, mutation, lookup } = {
  query: () => app.application.work.query,
  mutation: () => app.application.work.mutation,
  lookup: () => app.application.work.lookup,
};

test('of a flood of slow queries few run, some wait and all others are told at once, while health and writes go on', async () => {
  const unlock = await lockTable(app.database.ownerUrl, 'app_user');
  const flood = Array.from({ length: 5 }, () => tenant.client.users.list.query({}));
  await vi.waitUntil(() => query().waiting === 3, { timeout: 10_000 });
  expect(query().running).toBe(2);

  const [rest, trpc, streamed] = await Promise.all(WAYS.map((send) => send()));
  for (const answer of [rest, trpc]) {
    expect(answer?.status).toBe(503);
    expect(answer?.headers.get('retry-after')).toBe('1');
  }
  expect(await rest?.json()).toMatchObject({
    error: { code: 'OVERLOADED', retryable: true, details: { retryAfterSeconds: 1 } },
  });
  expect(await trpc?.json()).toMatchObject({ error: { data: { code: 'OVERLOADED', httpStatus: 503 } } });
  expect(await streamed?.text()).toContain('OVERLOADED');
  expect(await waitingForLocks(app.database.ownerUrl)).toBe(2);

  for (const path of ['/livez', '/readyz', '/openapi.json'])
    expect((await fetch(app.url + path)).status, path).toBe(200);
  await expect(tenant.client.apiKeys.list.query({})).rejects.toMatchObject({ data: { code: 'OVERLOADED' } });
  await tenant.client.apiKeys.create.mutate({
    name: 'x',
    kind: 'secret',
    permissions: ['properties:read'],
    idempotencyKey: 'key-0123456789abcdef',
  });

  await unlock();
  expect((await Promise.all(flood)).map(({ items }) => items)).toEqual(Array(5).fill([]));
  expect(query()).toMatchObject({ running: 0, waiting: 0 });
});

test('a call that is not allowed takes no place', async () => {
  const unlock = await lockTable(app.database.ownerUrl, 'app_user');
  const running = [1, 2].map(() => tenant.client.users.list.query({}));
  await vi.waitUntil(() => query().running === 2);
  expect(await refusalOf(app.client(null).users.list.query({}))).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(query().waiting).toBe(0);
  await unlock();
  await Promise.all(running);
});

test('what waits when its client leaves never runs', async () => {
  const unlock = await lockTable(app.database.ownerUrl, 'app_user');
  const running = [1, 2].map(() => tenant.client.users.list.query({}));
  await vi.waitUntil(() => query().running === 2);
  for (const path of ['/api/v1/users', '/trpc/users.list?input={}', '/trpc/users.list,webhooks.list?batch=1']) {
    const left = httpRequest(app.url + path, { headers: bearer() }).on('error', () => {});
    left.end();
    await vi.waitUntil(() => query().waiting > 0, { timeout: 10_000 });
    left.destroy();
    await vi.waitUntil(() => query().waiting === 0, { timeout: 10_000 });
  }
  await unlock();
  await Promise.all(running);
  expect(query().running).toBe(0);
});

test('each kind has places of its own, and finding out who calls is limited too', async () => {
  const unlock = await lockTable(app.database.ownerUrl, 'api_key');
  const unknown = (n: number) => ({ authorization: `Bearer ik_${n.toString(16).padStart(16, '0')}_${'x'.repeat(43)}` });
  const ask = (n: number) => fetch(`${app.url}/api/v1/users`, { headers: unknown(n) });
  const lookups = Array.from({ length: 13 }, (_, n) => ask(n));
  await vi.waitUntil(() => lookup().waiting === 3, { timeout: 10_000 });
  const refused = await ask(13);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.headers.get('ratelimit'), 'counted only once it is known to be nobody').toBeNull();
  expect([query().running, mutation().running]).toEqual([0, 0]);
  await unlock();
  expect((await Promise.all(lookups)).map(({ status }) => status)).toEqual(Array(13).fill(401));
  expect(lookup()).toMatchObject({ running: 0, waiting: 0 });
});
