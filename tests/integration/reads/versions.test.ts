import { sql } from 'kysely';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { reaches } from '../../../src/kernel/consistency-token.ts';
import { newScope, type Scope } from '../../../src/platform/db/scope.ts';
import { createTcpProxy } from '../../support/tcp-proxy.ts';
import { type Opened, opened, readOne } from './opened.ts';
import { type OwnServers, startOwnServers } from './standby.ts';

let servers: OwnServers;
beforeAll(async () => {
  servers = await startOwnServers();
});
afterAll(() => servers?.stop());

const NOWHERE = { timeline: '00000000', lsn: '0/0' };
const TENANT = '0198aaaa-0000-7000-8000-000000000001';

/** Commits something and answers a scope that has seen it. */
const afterWrite = async ({ database }: Opened, options = {}): Promise<Scope> => {
  const scope = newScope(TENANT);
  await database.transaction(scope, ({ sql: db }) =>
    sql`select pg_logical_emit_message(true, 'test', 'x')`.execute(db),
  );
  return newScope(TENANT, scope.versions.seen, options);
};

test('a read waits for a standby that is about to have what its caller has seen', async () => {
  const reads = await opened(servers, { waitMs: 5_000 });
  await servers.pause();
  const scope = await afterWrite(reads);
  const read = readOne(reads, scope);
  await servers.resume();
  expect(await read).toBe(1);
  expect(reads.targets.at(-1)).toBe('replica');
});

test('what was read on the primary is not read older on a standby afterwards', async () => {
  const reads = await opened(servers, { waitMs: 0 });
  await servers.pause();
  await afterWrite(reads);
  const first = newScope(TENANT);
  await reads.database.read(first, 'primary', (db) => sql`select 1`.execute(db));
  const second = newScope(TENANT, first.versions.seen);
  await readOne(reads, second);
  expect(reads.targets.at(-1)).toBe('primary');
  await servers.resume();
  await vi.waitUntil(async () => (await readOne(reads, second)) === 1 && reads.targets.at(-1) === 'replica', 10_000);
});

test('a read on a standby answers where that stands, between what it includes and what it may have seen', async () => {
  const reads = await opened(servers);
  const asked = await afterWrite(reads);
  const scope = newScope(TENANT, asked.versions.asked);
  await vi.waitUntil(async () => (await readOne(reads, scope)) === 1 && reads.targets.at(-1) === 'replica', 10_000);
  const fresh = newScope(TENANT, asked.versions.asked);
  await readOne(reads, fresh);
  expect(reaches(fresh.versions.includes ?? NOWHERE, asked.versions.asked)).toBe(true);
  expect(reaches(fresh.versions.seen ?? NOWHERE, fresh.versions.includes)).toBe(true);
});

test.each([
  ['beyond what was ever written', '00000001', 'FFFFFFF0/0'],
  ['of a timeline that is yet to come', '000000FF', '0/1'],
])('a token %s is bad input', async (_what, timeline, lsn) => {
  const reads = await opened(servers);
  const asked = { timeline, lsn };
  await expect(readOne(reads, newScope(TENANT, asked))).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
});

test('a standby that lags is left out of use until it has caught up', async () => {
  const reads = await opened(servers, { maxLagMs: 60 });
  await readOne(reads, newScope(TENANT));
  await servers.pause();
  await afterWrite(reads);
  await vi.waitUntil(() => reads.news.includes('lagging'), { timeout: 10_000 });
  await readOne(reads, newScope(TENANT));
  expect(reads.targets.at(-1)).toBe('primary');
  await servers.resume();
  await vi.waitUntil(() => reads.news.includes('back'), { timeout: 10_000 });
  await readOne(reads, newScope(TENANT));
  expect(reads.targets.at(-1)).toBe('replica');
});

/** Writes what the standby does not get, and takes the primary away. */
const withoutPrimary = async (options = {}) => {
  const toPrimary = await createTcpProxy(servers.primaryUrl);
  onTestFinished(() => toPrimary.close());
  const reads = await opened({ ...servers, primaryUrl: toPrimary.url }, { waitMs: 0, checkMs: 60_000, ...options });
  await servers.pause();
  onTestFinished(servers.resume);
  const seen = (await afterWrite(reads)).versions.asked;
  toPrimary.stayDown();
  toPrimary.loseMessage('app.tenant');
  return { reads, seen };
};

test('without a primary, a read of what no standby has is refused in time, to be tried again', async () => {
  const { reads, seen } = await withoutPrimary({ behindMs: 100 });
  await expect(readOne(reads, newScope(TENANT, seen))).rejects.toMatchObject({
    code: 'REPLICA_BEHIND',
    retryable: true,
  });
});

test('or answered once the standby has caught up', async () => {
  const { reads, seen } = await withoutPrimary({ behindMs: 10_000 });
  const read = readOne(reads, newScope(TENANT, seen));
  await servers.resume();
  expect(await read).toBe(1);
});

test('or answered at once with what there is, marked, to callers who accept that', async () => {
  const { reads, seen } = await withoutPrimary({ behindMs: 10_000 });
  const scope = newScope(TENANT, seen, { acceptsOlder: true });
  expect(await readOne(reads, scope)).toBe(1);
  expect(scope.versions.older).toBe(true);
});
