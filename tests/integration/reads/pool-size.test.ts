import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ElasticPool } from '../../../src/platform/db/elastic-pool.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { createTcpProxy } from '../../support/tcp-proxy.ts';
import { opened } from './opened.ts';

let servers: TestDatabase;
beforeAll(async () => {
  servers = await createDatabase(testMigrate);
});
afterAll(() => servers.drop());

const connections = async () =>
  (
    await asSuperuser(
      servers,
      `select from pg_stat_activity where datname = current_database() and application_name = 'replica-test'`,
    )
  ).length;

test('a pool grows with what is asked at once, to its bound, and goes back when that is over', async () => {
  const { database } = await opened(
    { ...servers, replicaUrls: [] },
    {},
    { poolLeast: 1, poolSize: 6, idleTimeoutMs: 500 },
  );
  await database.read(newScope(null), 'primary', (db) => sql`select 1`.execute(db));
  expect(await connections()).toBe(1);
  const reads = Promise.all(
    Array.from({ length: 12 }, () =>
      database.read(newScope(null), 'primary', (db) => sql`select pg_sleep(0.2)`.execute(db)),
    ),
  );
  await vi.waitUntil(async () => (await connections()) === 6, { timeout: 5_000, interval: 20 });
  await reads;
  await vi.waitUntil(async () => (await connections()) === 1, { timeout: 15_000 });
});

test('a connection that died while it lay idle is not given out', async () => {
  const proxy = await createTcpProxy(servers.primaryUrl);
  const pool = new ElasticPool({ connectionString: proxy.url }, { least: 1, most: 1, tryAfterMs: 0 }).on(
    'error',
    () => {},
  );
  const first = await pool.connect();
  first.on('error', () => {}).release();
  proxy.loseMessage('select 1');
  const second = await pool.connect();
  expect(second).not.toBe(first);
  expect((await second.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
  second.release();
  await pool.end();
  await proxy.close();
});
