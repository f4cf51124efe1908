import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openReplicaPools } from '../../../src/platform/db/replica-pools.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { testMigrate } from '../../support/app.ts';
import { startFreezingProxy } from '../../support/freezing-proxy.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { createTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { opened, readOne } from './opened.ts';

let servers: TestDatabase;
let toReplica: TcpProxy;
beforeAll(async () => {
  servers = await createDatabase(testMigrate);
  toReplica = await createTcpProxy(servers.replicaUrls[0] ?? '');
});
afterAll(async () => {
  await toReplica.close();
  await servers.drop();
});

const TENANT = '0198aaaa-0000-7000-8000-000000000001';

test('a read that fails on one replica is answered by another, which goes on alone until the first is back', async () => {
  const replicaUrls = [toReplica.url, servers.replicaUrls[0] ?? ''];
  const reads = await opened({ ...servers, replicaUrls });
  toReplica.stayDown();
  toReplica.loseMessage('app.tenant');
  const cuts = toReplica.cuts;
  // Before its position is known, or while a check waits for its connection, the other one is preferred.
  const readUntilCut = async () => {
    expect(await readOne(reads, newScope(TENANT))).toBe(1);
    return toReplica.cuts > cuts;
  };
  await vi.waitUntil(readUntilCut, { timeout: 10_000, interval: 5 });
  for (let read = 0; read < 20; read++) expect(await readOne(reads, newScope(TENANT))).toBe(1);
  expect(new Set(reads.targets)).toEqual(new Set(['replica']));
  expect(reads.news).toContain('failing');
  toReplica.heal();
  await vi.waitUntil(() => reads.news.includes('back'), { timeout: 10_000 });
});

test('of each server it is known how many connections lead to it', async () => {
  const { replicas } = openReplicaPools(
    servers.replicaUrls.slice(0, 1),
    (connectionString, onConnect) => new pg.Pool({ connectionString, onConnect } as pg.PoolConfig),
    () => {},
    5_000,
  );
  const [pool] = replicas.pools;
  const clients = [await pool?.connect(), await pool?.connect()];
  const connections = () => replicas.all().map((replica) => replica.connections);
  expect(connections()).toEqual([2]);
  for (const client of clients) client?.release();
  expect(connections()).toEqual([2]);
  await pool?.end();
  await vi.waitUntil(() => connections()[0] === 0);
});

test('without a replica that answers the primary does', async () => {
  const closed = 'postgres://nobody@127.0.0.1:1/nowhere';
  const reads = await opened({ ...servers, replicaUrls: [closed] });
  expect(await readOne(reads, newScope(TENANT))).toBe(1);
  expect(reads.targets).toEqual(['primary']);
});

test('a replica that hangs is given up, and whoever waits for it is answered elsewhere', async () => {
  const frozen = await startFreezingProxy(servers.replicaUrls[0] ?? '');
  const reads = await opened({ ...servers, replicaUrls: [frozen.url] }, { checkTimeoutMs: 1_000 });
  expect(await readOne(reads, newScope(TENANT))).toBe(1);
  frozen.freeze();
  expect(await readOne(reads, newScope(TENANT))).toBe(1);
  expect(reads.targets).toEqual(['replica', 'primary']);
  expect(reads.news).toContain('failing');
});

test('a primary that hangs is given up: writes are refused at once, and reads go on', async () => {
  const frozen = await startFreezingProxy(servers.primaryUrl);
  const reads = await opened({ ...servers, primaryUrl: frozen.url }, { checkTimeoutMs: 1_000 });
  const write = () => reads.database.transaction(newScope(TENANT), ({ sql: db }) => sql`select 1`.execute(db));
  await write();
  frozen.freeze();
  // The first is cut when the checks have failed, those that follow need not wait for that.
  await expect(write()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
  await vi.waitUntil(() => reads.news.includes('primary gone'), { timeout: 10_000 });
  const startedAt = performance.now();
  await expect(write()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(await readOne(reads, newScope(TENANT))).toBe(1);
});

test('a primary that comes back is used again', async () => {
  const toPrimary = await createTcpProxy(servers.primaryUrl);
  const reads = await opened({ ...servers, primaryUrl: toPrimary.url });
  const write = () => reads.database.transaction(newScope(TENANT), ({ sql: db }) => sql`select 1`.execute(db));
  await write();
  toPrimary.stayDown();
  toPrimary.cutAll();
  toPrimary.loseMessage('');
  await vi.waitUntil(() => reads.news.includes('primary gone'), { timeout: 10_000 });
  toPrimary.heal();
  await vi.waitUntil(() => reads.news.includes('primary back'), { timeout: 10_000 });
  await write();
  await toPrimary.close();
});
