import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { key } from '../../support/hotel.ts';
import { holdOpen } from '../../support/open-transaction.ts';
import { asSuperuser, onConnection } from '../../support/superuser.ts';
import { waitingForLocks } from '../../support/table-lock.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { eventsLeft, maintainIn, retained, writeManyEvents } from './old-rows.ts';

const OLD = '2025-01-01T00:00:00Z';

let app: TestApp;
let tenant: TestTenant;
let tenants = 0;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  // Every statement that deletes leaves its transaction and how many rows it took.
  await onConnection(
    app.database.ownerUrl,
    `create table app.bite (transaction xid8, kind text, rows integer);
     grant insert on app.bite to innkeeper_app;
     create function app.note_bite() returns trigger language plpgsql as $$ begin
       insert into app.bite select pg_current_xact_id(), tg_table_name, count(*) from gone;
       return null;
     end $$;
     create trigger note after delete on event referencing old table as gone for each statement execute function app.note_bite();
     create trigger note after delete on audit_entry referencing old table as gone for each statement execute function app.note_bite();
     create trigger note after delete on webhook_delivery referencing old table as gone for each statement execute function app.note_bite();
     create trigger note after delete on webhook_endpoint referencing old table as gone for each statement execute function app.note_bite();
     create trigger note after delete on session referencing old table as gone for each statement execute function app.note_bite();`,
  );
});
beforeEach(async () => {
  await asSuperuser(app.database, 'truncate app.bite');
  tenant = await app.tenant(`tenant-${++tenants}`);
});
afterAll(() => app.close());

const bites = (kind: string) =>
  asSuperuser<{ rows: number }>(
    app.database,
    `select sum(rows)::integer as rows from app.bite where kind = $1 and rows > 0
     group by transaction order by transaction`,
    [kind],
  );

/** Where the nth event stands. */
const placeOf = (first: number, nth: number) => ({
  txid: String(10 + Math.floor(nth / 100)),
  position: first + nth - 1,
});

it('no transaction deletes more than 1 000 rows, and all that is due goes', async () => {
  const { tenantId } = tenant;
  await writeManyEvents(app, tenantId, 2_300);
  await tenantRows(
    app.database,
    tenantId,
    `insert into audit_entry (id, at, actor_kind, procedure, entity, entity_id, request_id)
     select gen_random_uuid(), '2020-01-01Z'::timestamptz + n / 7 * interval '1 second', 'system', 'p', 'x', gen_random_uuid(), ''
     from generate_series(1, 2300) n`,
  );
  await tenantRows(
    app.database,
    tenantId,
    `with u as (
       insert into app_user (id, email, email_key, name, role, password_hash, created_at)
       values (gen_random_uuid(), 'a', 'a', 'a', 'owner', '', $1) returning id)
     insert into session (id, user_id, family_hash, refresh_hash, expires_at, created_at)
     select gen_random_uuid(), u.id, decode(lpad(to_hex(n), 8, '0'), 'hex'), '', $1, $1 from u, generate_series(1, 2300) n`,
    [OLD],
  );
  const { deleted } = await maintainIn(app);
  expect(deleted).toMatchObject({ events: 2_300, 'audit entries': 2_300, sessions: 2_300 });
  const expected = [{ rows: 1_000 }, { rows: 1_000 }, { rows: 300 }];
  expect(await bites('event')).toEqual(expected);
  expect(await bites('audit_entry')).toEqual(expected);
  expect(await bites('session')).toEqual(expected);
});

it('the log of a removed webhook endpoint goes in bites, the endpoint with the last of them, and other endpoints keep theirs', async () => {
  const { tenantId, client } = tenant;
  await writeManyEvents(app, tenantId, 2_300, '2026-03-01Z');
  const listen = () => client.webhooks.create.mutate({ url: 'https://example.com', idempotencyKey: key() });
  const [removed, kept] = [await listen(), await listen()];
  await tenantRows(
    app.database,
    tenantId,
    `insert into webhook_delivery (id, endpoint_id, event_id, txid, position, next_try_at, created_at)
     select gen_random_uuid(), p, e.id, e.txid, e.position, $2, $2
     from unnest($1::uuid[]) p, event e where e.tenant_id = app.tenant()`,
    [[removed.id, kept.id], OLD],
  );
  expect((await maintainIn(app)).deleted['webhook deliveries']).toBe(0);
  await client.webhooks.remove.mutate({ endpointId: removed.id, idempotencyKey: key() });
  const stop = new AbortController();
  const { database } = app.application;
  const untilFirstBite = {
    ...database,
    transaction: (async (...call) => {
      const done = await database.transaction(...call);
      if ((await bites('webhook_delivery')).length > 0) stop.abort(new Error('enough'));
      return done;
    }) as typeof database.transaction,
  };
  await expect(maintainIn(app, { database: untilFirstBite, signal: stop.signal })).rejects.toThrow('enough');
  expect(await bites('webhook_delivery')).toEqual([{ rows: 1_000 }]);
  expect(await bites('webhook_endpoint')).toEqual([]);

  expect((await maintainIn(app)).deleted['webhook deliveries']).toBe(1_300);
  expect(await bites('webhook_delivery')).toEqual([{ rows: 1_000 }, { rows: 1_000 }, { rows: 300 }]);
  expect(await bites('webhook_endpoint')).toEqual([{ rows: 1 }]);
  const left = `select endpoint_id as id, count(*)::int from webhook_delivery where tenant_id = app.tenant() group by 1`;
  expect(await tenantRows(app.database, tenantId, left)).toEqual([{ id: kept.id, count: 2_300 }]);
  expect((await client.webhooks.list.query({})).items.map(({ id }) => id)).toEqual([kept.id]);
});

it('called off after any number of transactions, it leaves the events behind the recorded place, and the next run the rest', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 2_500 }), async (stopAt, count) => {
      const { tenantId } = await app.tenant(`stopped-${++tenants}`);
      const first = await writeManyEvents(app, tenantId, count);
      const stop = new AbortController();
      let begun = 0;
      const { database } = app.application;
      const counted = {
        ...database,
        transaction: ((...call) => {
          if (++begun === stopAt) stop.abort(new Error('enough'));
          return database.transaction(...call);
        }) as typeof database.transaction,
      };
      const outcome = await maintainIn(app, { database: counted, signal: stop.signal }).catch(
        (error: unknown) => error,
      );
      if (stop.signal.aborted && outcome instanceof Error) expect(outcome.message).toBe('enough');
      const left = (await eventsLeft(app, tenantId)).length;
      expect((count - left) % 1_000 === 0 || left === 0).toBe(true);
      expect(await retained(app, tenantId)).toEqual(left === count ? null : placeOf(first, count - left));
      await maintainIn(app);
      expect(await eventsLeft(app, tenantId)).toHaveLength(0);
      expect(await retained(app, tenantId)).toEqual(count === 0 ? null : placeOf(first, count));
    }),
    { numRuns: 8 },
  );
});

it('a run whose connection is cut in the middle of a bite leaves all of that bite, and the next run finishes', async () => {
  const { tenantId } = tenant;
  const first = await writeManyEvents(app, tenantId, 1_500);
  const release = await holdOpen(
    app.database.ownerUrl,
    tenantId,
    `select from event where tenant_id = app.tenant() and type = 'event 1400' for key share`,
  );
  const run = maintainIn(app, { lockTimeoutMs: 20_000 });
  const cut = expect(run).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  await expect.poll(() => waitingForLocks(app.database.ownerUrl), { timeout: 10_000 }).toBe(1);
  await asSuperuser(
    app.database,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  await cut;
  expect(await eventsLeft(app, tenantId)).toHaveLength(500);
  expect(await retained(app, tenantId)).toEqual(placeOf(first, 1_000));
  await release();
  expect((await maintainIn(app)).deleted.events).toBe(500);
  expect(await retained(app, tenantId)).toEqual(placeOf(first, 1_500));
});

it('two runs at a time delete everything once between them', async () => {
  const { tenantId } = tenant;
  const first = await writeManyEvents(app, tenantId, 2_500);
  const reports = await Promise.all([maintainIn(app), maintainIn(app)]);
  await maintainIn(app);
  expect(reports.reduce((sum, { deleted }) => sum + deleted.events, 0)).toBeLessThanOrEqual(2_500);
  expect(await eventsLeft(app, tenantId)).toHaveLength(0);
  expect(await retained(app, tenantId)).toEqual(placeOf(first, 2_500));
});
