import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ConsistencyToken } from '../../../src/kernel/consistency-token.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startSilentServer } from '../../support/silent-server.ts';
import { createTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { type Opened, opened, readOne } from './opened.ts';
import { type OwnServers, startOwnServers } from './standby.ts';

let servers: OwnServers;
let toFirst: TcpProxy;
beforeAll(async () => {
  servers = await startOwnServers();
  toFirst = await createTcpProxy(servers.primaryUrl);
});
afterAll(async () => {
  await toFirst?.close();
  await servers?.stop();
});

const TENANT = '0198aaaa-0000-7000-8000-000000000001';
const FIRST_TIMELINE = '00000001';
const SECOND_TIMELINE = '00000002';
const BEYOND_ALL = 'FFFFFFF0/0';

/** The URL of the first primary, the standby and further hosts in one. */
const severalHosts = (...further: string[]) =>
  toFirst.url.replace(/@[^/]*/, (login) => [login, new URL(servers.replicaUrls[0] ?? '').host, ...further].join());

const everywhere = (primaryUrl = severalHosts()) => ({
  primaryUrl,
  replicaUrls: [toFirst.url, servers.replicaUrls[0] ?? ''],
});

/** Commits something, and answers the position of that. */
const write = async ({ database }: Opened): Promise<ConsistencyToken | null> => {
  const scope = newScope(TENANT);
  const emit = sql`select pg_logical_emit_message(true, 'test', 'x')`;
  await database.transaction(scope, ({ sql: db }) => emit.execute(db));
  return scope.versions.seen;
};

test('a token of a later timeline is bad input once all hosts have said where they are, and to be tried again before', async () => {
  const asked = { timeline: SECOND_TIMELINE, lsn: '0/1' };
  const complete = await opened({ primaryUrl: severalHosts(), replicaUrls: [] });
  await expect(readOne(complete, newScope(TENANT, asked))).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
  const lacking = await opened({ primaryUrl: severalHosts('127.0.0.1:1'), replicaUrls: [] });
  expect(await readOne(lacking, newScope(TENANT))).toBe(1);
  await expect(readOne(lacking, newScope(TENANT, asked))).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
    retryable: true,
  });
});

test('a token that may be made up, while a host does not answer, ends no connection and keeps nobody waiting', async () => {
  const silent = new URL(await startSilentServer()).host;
  const onlyOne = { poolLeast: 1, poolSize: 1 };
  const reads = await opened({ primaryUrl: severalHosts(silent), replicaUrls: [] }, {}, onlyOne);
  const process = () =>
    reads.database.read(newScope(TENANT), 'primary', (db) => sql`select pg_backend_pid() as pid`.execute(db));
  const { rows: before } = await process();
  const ended: string[] = [];
  const madeUp = async () => {
    const asked = { timeline: 'FFFFFFFF', lsn: '0/0' };
    await expect(readOne(reads, newScope(TENANT, asked))).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
    });
    ended.push('made up');
  };
  const other = async () => {
    expect((await process()).rows).toEqual(before);
    ended.push('other');
  };
  await Promise.all([madeUp(), other()]);
  expect(ended).toEqual(['other', 'made up']);
  expect((await process()).rows).toEqual(before);
});

test('once the standby is promoted, writes and reads go there by themselves, also with tokens of the log that was lost', async () => {
  const reads = await opened(everywhere());
  const before = await write(reads);
  expect(before?.timeline).toBe(FIRST_TIMELINE);
  await vi.waitUntil(() => reads.news.includes('leading'), { timeout: 10_000 });
  await servers.promote();
  toFirst.stayDown();
  toFirst.cutAll();
  toFirst.loseMessage('');
  const after = await vi.waitUntil(() => write(reads).catch(() => null), { timeout: 10_000 });
  expect(after?.timeline).toBe(SECOND_TIMELINE);
  for (const asked of [before, { timeline: FIRST_TIMELINE, lsn: BEYOND_ALL }, after]) {
    const scope = newScope(TENANT, asked);
    expect(await readOne(reads, scope)).toBe(1);
    expect(scope.versions.seen?.timeline).toBe(SECOND_TIMELINE);
  }
  expect(reads.targets.at(-1)).toBe('primary');
});

test.each([
  ['that has seen the new one', () => severalHosts()],
  ['that has just started', () => `${severalHosts()}?keepalives=1`],
])('a primary that was replaced and comes back is neither written to nor read by a process %s', async (_, url) => {
  toFirst.heal();
  const reads = await opened(everywhere(url()));
  for (let times = 0; times < 10; times++) {
    expect((await write(reads))?.timeline).toBe(SECOND_TIMELINE);
    const scope = newScope(TENANT);
    await readOne(reads, scope);
    expect(scope.versions.seen?.timeline).toBe(SECOND_TIMELINE);
  }
});

test('a process that knows only the host that was replaced never takes it for newer than it is', async () => {
  const reads = await opened({ primaryUrl: toFirst.url, replicaUrls: servers.replicaUrls });
  const asked = { timeline: SECOND_TIMELINE, lsn: '0/1' };
  // Where the primary was last seen is not known to begin with.
  const answered = () =>
    readOne(reads, newScope(TENANT, asked)).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'REPLICA_BEHIND', retryable: true });
      return 0;
    });
  await vi.waitUntil(answered, { timeout: 10_000 });
  expect(reads.targets.at(-1)).toBe('replica');
});
