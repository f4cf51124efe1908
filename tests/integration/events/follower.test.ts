import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type Follower, type FollowerListener, startFollower } from '../../../src/features/events/follower.ts';
import { presentMoment } from '../../../src/features/events/newly-visible.ts';
import type { OutboxPosition } from '../../../src/features/events/outbox.ts';
import type { ConsistencyToken } from '../../../src/kernel/consistency-token.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { openTransaction } from '../../support/open-transaction.ts';
import { createTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { type OwnServers, startOwnServers } from '../reads/standby.ts';

let servers: OwnServers;
let toFirst: TcpProxy;
let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  servers = await startOwnServers();
  toFirst = await createTcpProxy(servers.primaryUrl);
  const standby = new URL(servers.replicaUrls[0] ?? '').host;
  const primaryUrl = toFirst.url.replace(/@[^/]*/, (login) => `${login},${standby}`);
  app = await startApp({
    database: { ...servers, primaryUrl, replicaUrls: [], drop: async () => {} },
    settings: { DATABASE_CHECK_MS: '50' },
    verified: false,
  });
  tenant = await app.tenant('followed');
});
afterAll(async () => {
  await app?.close();
  await toFirst?.close();
  await servers?.stop();
});

interface Followed {
  follower: Follower;
  /** Where it began, each time. */
  begun: ConsistencyToken[];
  /** Types of events in the order that they were told. */
  told: string[];
  /** The last cursor. */
  cursor: () => OutboxPosition | undefined;
}

const followed = (more: Partial<FollowerListener> = {}, pollMs = 20): Followed => {
  const begun: ConsistencyToken[] = [];
  const told: string[] = [];
  let cursor: OutboxPosition | undefined;
  const follower = startFollower({
    database: app.application.database,
    tenant: tenant.tenantId,
    listener: {
      onBegin: (at) => begun.push(at),
      onEvents: (events) => told.push(...events.map(({ type }) => type)),
      onLook: (place) => {
        cursor = place;
      },
      ...more,
    },
    startTimer(ms, ring) {
      const timer = setTimeout(ring, ms);
      return () => clearTimeout(timer);
    },
    nowMs: () => performance.now(),
    pollMs,
    onFault: () => {},
  });
  onTestFinished(() => follower.stop());
  return { follower, begun, told, cursor: () => cursor };
};

/** Writes events in transactions of their own, and answers where the log stands then. */
const write = async (type: string, count = 1) => {
  const { tenantId } = tenant;
  await tenantRows(
    app.database,
    tenantId,
    `insert into event (tenant_id, id, txid, type, payload, at)
     select '${tenantId}', gen_random_uuid(), pg_current_xact_id(), '${type}', '{}', '2026-03-01Z'
     from generate_series(1, ${count})`,
  );
  const scope = newScope(tenantId);
  await app.application.database.transaction(scope, async () => {});
  const { seen } = scope.versions;
  if (!seen) throw new Error('a commit without a position');
  return seen;
};

const MANY = 1_200;

test('what waits for an older transaction is told, each event once, however many there are', async () => {
  const { follower, told, cursor } = followed();
  await vi.waitUntil(() => follower.ageMs() < 1_000, { timeout: 10_000 });
  const end = await openTransaction(servers.ownerUrl, 'select pg_current_xact_id()');
  const at = await write('many', MANY);
  await vi.waitUntil(() => follower.hasTold(at), { timeout: 10_000 });
  expect(told).toHaveLength(MANY);
  // Others may still come to stand before them: nobody may go on from beyond the first.
  const txids = await tenantRows<{ first: string; last: string }>(
    app.database,
    tenant.tenantId,
    `select min(txid)::text as first, max(txid)::text as last from event where type = 'many'`,
  );
  expect(BigInt(cursor()?.txid ?? -1)).toBeLessThan(BigInt(txids[0]?.first ?? 0));
  await end();
  const later = await write('later');
  await vi.waitUntil(() => follower.hasTold(later), { timeout: 10_000 });
  expect(told).toHaveLength(MANY + 1);
  await vi.waitUntil(() => BigInt(cursor()?.txid ?? 0) > BigInt(txids[0]?.last ?? 0), { timeout: 10_000 });
});

test('whoever wants to be told up to a position is, without waiting for the next look, also right where the log stands', async () => {
  const { follower, told } = followed({}, 60_000);
  await vi.waitUntil(() => follower.ageMs() < 1_000, { timeout: 10_000 });
  const at = await write('wanted');
  expect(follower.hasTold(at)).toBe(false);
  await vi.waitUntil(() => follower.catchUp(at), { timeout: 10_000 });
  expect(told).toContain('wanted');
  const scope = newScope(tenant.tenantId);
  await app.application.database.read(scope, 'primary', presentMoment);
  const { seen } = scope.versions;
  await vi.waitUntil(() => seen && follower.catchUp(seen), { timeout: 10_000 });
});

test('whoever wants to be told of what is not there yet is let go after a moment', async () => {
  const { follower } = followed({}, 60_000);
  await vi.waitUntil(() => follower.ageMs() < 1_000, { timeout: 10_000 });
  expect(await follower.catchUp({ timeline: '00000001', lsn: 'FFFF/0' })).toBe(false);
});

test('on another primary everything begins anew, before anything of it is told', async () => {
  const { follower, begun, told } = followed();
  await vi.waitUntil(() => follower.ageMs() < 1_000, { timeout: 10_000 });
  await write('first');
  await vi.waitUntil(() => told.includes('first'), { timeout: 10_000 });
  await servers.promote();
  toFirst.stayDown();
  toFirst.cutAll();
  await vi.waitUntil(() => begun.length === 2, { timeout: 20_000 });
  expect(begun.map(({ timeline }) => timeline)).toEqual(['00000001', '00000002']);
  const scope = newScope(tenant.tenantId);
  await vi.waitUntil(
    () =>
      app.application.database
        .transaction(scope, async () => {})
        .then(
          () => true,
          () => false,
        ),
    { timeout: 10_000 },
  );
  const { seen } = scope.versions;
  await vi.waitUntil(() => seen && follower.hasTold(seen), { timeout: 10_000 });
  expect(told).toEqual(['first']);
});
