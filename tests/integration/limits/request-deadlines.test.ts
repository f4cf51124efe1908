import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, key } from '../../support/hotel.ts';
import { lockTable } from '../../support/table-lock.ts';
import { openStream } from '../subscriptions/raw-stream.ts';

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({
    settings: {
      MAX_QUERIES: '1',
      QUEUE_TIMEOUT_MS: '20000',
      MIN_DEADLINE_MS: '1',
      MAX_DEADLINE_MS: '400',
      DATABASE_STATEMENT_TIMEOUT_MS: '60000',
      DATABASE_REPLICA_URLS: '',
    },
  });
  tenant = await app.tenant('hurried');
});
afterAll(() => app.close());

const within = (timeoutMs: string, path = '/api/v1/users', init: RequestInit = {}) =>
  fetch(app.url + path, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${tenant.ownerKey}`, 'x-request-timeout-ms': timeoutMs },
  });
/** The second where finding out who calls took all the time. */
const TIMED_OUT = /^(QUERY_TIMEOUT|DEADLINE_EXCEEDED)$/;
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code;

test('a statement may take no longer than the request has left', async () => {
  const unlock = await lockTable(app.database.ownerUrl, 'app_user');
  const answer = await within('300');
  expect([answer.status, await codeOf(answer)]).toEqual([504, expect.stringMatching(TIMED_OUT)]);
  await unlock();
});

test('so may a statement of a write, which leaves nothing behind', async () => {
  const unlock = await lockTable(app.database.ownerUrl, 'audit_entry');
  const body = JSON.stringify({ name: 'Late', kind: 'secret', permissions: ['properties:read'] });
  const answer = await within('300', '/api/v1/api-keys', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'idempotency-key': key() },
  });
  expect([answer.status, await codeOf(answer)]).toEqual([504, expect.stringMatching(TIMED_OUT)]);
  await unlock();
  expect((await tenant.client.apiKeys.list.query({})).items.map(({ name }) => name)).not.toContain('Late');
});

test('what still waits for its turn when its time is over is not begun', async () => {
  const { query } = app.application.work;
  const unlock = await lockTable(app.database.ownerUrl, 'app_user');
  const running = tenant.client.users.list.query({});
  await vi.waitUntil(() => query.running === 1);
  const late = await within('100');
  expect(await codeOf(late)).toMatch(/^(OVERLOADED|DEADLINE_EXCEEDED)$/);
  expect(late.headers.get('x-db-query-count')).toBe('0');
  await unlock();
  await running;
});

test('more than the longest time is not given, and what is no time is refused', async () => {
  const unlock = await lockTable(app.database.ownerUrl, 'app_user');
  const answer = await within('999999999');
  expect([answer.status, await codeOf(answer)]).toEqual([504, expect.stringMatching(TIMED_OUT)]);
  await unlock();
  for (const wrong of ['0', '-1', '1.5', 'soon', '1e3', '']) {
    const refused = await within(wrong);
    expect([refused.status, await codeOf(refused)], wrong).toEqual([400, 'INVALID_INPUT']);
  }
});

test('a subscription has no deadline', async () => {
  const { roomTypeId } = await createHotel(tenant.client);
  const headers = { 'x-request-timeout-ms': '1' };
  const stream = await openStream(app.url, 'availability.changes', { roomTypeId }, tenant.ownerKey, headers);
  expect(await stream.next('connected')).not.toBeNull();
});
