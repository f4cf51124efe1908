import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newScope } from '../../../src/platform/db/scope.ts';
import { testMigrate } from '../../support/app.ts';
import { startFreezingProxy } from '../../support/freezing-proxy.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { type Opened, opened, readOne } from './opened.ts';

let servers: TestDatabase;
beforeAll(async () => {
  servers = await createDatabase(testMigrate);
});
afterAll(() => servers.drop());

const TENANT = '0198aaaa-0000-7000-8000-000000000001';

const write = ({ database }: Opened) =>
  database.transaction(newScope(TENANT), ({ sql: db }) => sql`select pg_current_xact_id()`.execute(db));

test('a primary that was demoted is written to no more, and reads go on', async () => {
  const [standby = ''] = servers.replicaUrls;
  const reads = await opened({ primaryUrl: standby, replicaUrls: [standby] });
  await expect(write(reads)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
  await vi.waitUntil(() => reads.news.includes('primary gone'), { timeout: 10_000 });
  await expect(write(reads)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(await readOne(reads, newScope(TENANT))).toBe(1);
  expect(reads.targets.at(-1)).toBe('replica');
});

test('a primary that answers others is busy, not gone, however long its checks wait', async () => {
  const proxy = await startFreezingProxy(servers.primaryUrl);
  const checkTimeoutMs = 700;
  const reads = await opened({ ...servers, primaryUrl: proxy.url }, { checkTimeoutMs });
  await write(reads);
  proxy.freezeNew();
  // A check's connection is replaced after a few, and then none of them is answered.
  await vi.waitUntil(async () => (await write(reads)) && proxy.frozen >= 4, { timeout: 20_000, interval: 0 });
  expect(reads.news).toEqual([]);
  await vi.waitUntil(() => reads.news.includes('primary gone'), { timeout: 10_000 });
});
