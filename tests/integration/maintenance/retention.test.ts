import { afterAll, beforeAll, expect, it } from 'vitest';
import { assertKept } from '../../../src/features/events/retention.ts';
import { encodeCursor } from '../../../src/kernel/wire.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel, holdRoom, key } from '../../support/hotel.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { expectLedgerClean } from '../../support/verify.ts';
import { hire, signIn } from '../access/staff.ts';
import { ageEvents, eventsLeft, maintainIn, retained, writeEvents } from './old-rows.ts';

// The clock stands at noon UTC on 2 March 2026: 90 days before is 2 December, 730 days before 2 March 2024.
const OLD = '2025-12-02T11:59:59.999Z';
const YOUNG = '2025-12-02T12:00:00.000Z';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

const SIX_HOURS_MS = 6 * 3_600_000;

it('deletes events, audit entries, sessions, idempotency keys and asked answers that are old enough, and keeps the younger ones', async () => {
  const tenant = await app.tenant('ages');
  const { tenantId } = tenant;
  const ask = (text: string) => tenantRows<{ name: string }>(app.database, tenantId, text);
  await writeEvents(app, tenantId, [OLD, YOUNG]);
  await ask(`insert into audit_entry (id, at, actor_kind, procedure, entity, entity_id, request_id)
    select gen_random_uuid(), at, 'system', at::text, 'x', gen_random_uuid(), ''
    from unnest('{2024-03-02 11:59:59.999Z,2024-03-02 12:00Z}'::timestamptz[]) at`);
  const user = await hire(tenant, 'ann');
  await signIn(app, 'ages', 'ann');
  await ask(`insert into session (id, user_id, family_hash, refresh_hash, expires_at, revoked_at, created_at)
    select gen_random_uuid(), '${user.id}', convert_to(name, 'utf8'), '', expires::timestamptz, revoked::timestamptz, '2025-01-01Z'
    from (values ('ran out', '2026-01-31T11:59:59Z', null), ('ran out lately', '2026-01-31T12:00Z', null),
      ('revoked', '2026-03-01Z', '2026-01-31T11:59:59Z'), ('revoked lately', '2026-03-01Z', '2026-02-01Z')
    ) s (name, expires, revoked)`);
  await ask(`insert into idempotency_key (key, procedure, request_mac, answer, expires_at)
    values ('over', '', '', '', '2026-03-02T12:00Z'), ('good', '', '', '', '2026-03-02T12:00:01Z')`);

  await ask(`insert into asked_answer (digest, type, path, input, score)
    select name, 'search', '', '', (extract(epoch from at::timestamptz) * 1000 / ${SIX_HOURS_MS})::double precision
    from (values ('over', '2026-02-27T11:59:59Z'), ('lately', '2026-02-27T12:00:01Z')) a (name, at)`);

  const report = await maintainIn(app);
  expect(report.deleted).toEqual({
    ...{
      'idempotency keys': 1,
      sessions: 2,
      'audit entries': 1,
      'webhook deliveries': 0,
      events: 1,
      'asked answers': 1,
    },
  });
  expect(await ask('select digest as name from asked_answer')).toEqual([{ name: 'lately' }]);
  expect(report.postponed).toEqual([]);
  expect(await eventsLeft(app, tenantId)).toEqual(['event 2']);
  expect(await ask(`select procedure as name from audit_entry where request_id = ''`)).toEqual([
    { name: '2024-03-02 12:00:00+00' },
  ]);
  expect(
    await ask(`select convert_from(family_hash, 'utf8') as name from session where refresh_hash = '' order by 1`),
  ).toEqual([{ name: 'ran out lately' }, { name: 'revoked lately' }]);
  expect(await ask(`select key as name from idempotency_key where procedure = ''`)).toEqual([{ name: 'good' }]);
  expect(await maintainIn(app)).toMatchObject({
    deleted: { 'idempotency keys': 0, sessions: 0, 'audit entries': 0, events: 0 },
  });
});

it('keeps every event behind the first that is too young, whatever the age of those behind it', async () => {
  const { tenantId } = await app.tenant('order');
  await writeEvents(app, tenantId, [OLD, OLD, YOUNG, OLD]);
  expect((await maintainIn(app)).deleted.events).toBe(2);
  expect(await eventsLeft(app, tenantId)).toEqual(['event 3', 'event 4']);
  expect(await retained(app, tenantId)).toMatchObject({ txid: '11' });
});

it('keeps what the slowest consumer of the tenant has not passed, and what stands at its own place goes', async () => {
  const { tenantId } = await app.tenant('consumers');
  const other = await app.tenant('without-consumers');
  await writeEvents(app, tenantId, [OLD, OLD, OLD, OLD]);
  await writeEvents(app, other.tenantId, [OLD]);
  const place = (name: string, txid: string) =>
    tenantRows(
      app.database,
      tenantId,
      `insert into event_consumer (name, txid, position)
       select $1, $2::xid8, coalesce((select position from event where tenant_id = app.tenant() and txid = $2::xid8), 0)
       on conflict (tenant_id, name) do update set txid = excluded.txid, position = excluded.position`,
      [name, txid],
    );
  await place('fast', '13');
  await place('new', '0');
  expect((await maintainIn(app)).deleted.events).toBe(1);
  expect(await eventsLeft(app, tenantId)).toHaveLength(4);
  expect(await retained(app, tenantId)).toBe(null);

  await place('new', '11');
  expect((await maintainIn(app)).deleted.events).toBe(2);
  expect(await eventsLeft(app, tenantId)).toEqual(['event 3', 'event 4']);
});

it('keeps events that are not older than the oldest running transaction, however old they say they are', async () => {
  const { tenantId } = await app.tenant('unsettled');
  const next = '(select (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000)::int as next)';
  const [row] = await tenantRows<{ next: number }>(app.database, tenantId, `select next from ${next} t`);
  await writeEvents(app, tenantId, [OLD], row?.next);
  expect((await maintainIn(app)).deleted.events).toBe(0);
  expect(await eventsLeft(app, tenantId)).toEqual(['event 1']);
});

it('keeps what is still to be delivered to an endpoint, unless that is switched off', async () => {
  const { tenantId } = await app.tenant('deliveries');
  await writeEvents(app, tenantId, [OLD, OLD, OLD]);
  const ask = (text: string) => tenantRows(app.database, tenantId, text);
  await ask(`insert into webhook_endpoint (id, url, secret, created_at, updated_at)
    values (gen_random_uuid(), 'https://example.com', '', '${OLD}', '${OLD}')`);
  await ask(`insert into webhook_delivery (id, endpoint_id, event_id, txid, position, next_try_at, created_at)
    select gen_random_uuid(), p.id, e.id, e.txid, e.position, '${OLD}', '${OLD}'
    from event e, webhook_endpoint p where e.tenant_id = app.tenant() and p.tenant_id = app.tenant() and e.type = 'event 2'`);
  await maintainIn(app);
  expect(await eventsLeft(app, tenantId)).toEqual(['event 2', 'event 3']);
  await ask('update webhook_endpoint set active = false where tenant_id = app.tenant()');
  await maintainIn(app);
  expect(await eventsLeft(app, tenantId)).toEqual([]);
});

it('takes along what consumers set aside of the deleted events', async () => {
  const { tenantId } = await app.tenant('set-aside');
  await writeEvents(app, tenantId, [OLD, YOUNG]);
  await tenantRows(
    app.database,
    tenantId,
    `insert into event_set_aside (consumer, event_id, reason, at) select 'c', id, type, at from event
     where tenant_id = app.tenant()`,
  );
  await maintainIn(app);
  const left = await tenantRows(app.database, tenantId, 'select reason from event_set_aside');
  expect(left).toEqual([{ reason: 'event 2' }]);
});

it('a cursor from before the last deleted event is refused with the oldest one kept, which goes on without a gap', async () => {
  const { client, tenantId } = await app.tenant('cursors');
  const begun = await client.events.list.query({});
  await writeEvents(app, tenantId, [OLD, OLD, YOUNG, YOUNG]);
  const first = await client.events.list.query({ limit: 1 });
  const second = await client.events.list.query({ limit: 1, cursor: first.cursor });
  const third = await client.events.list.query({ limit: 1, cursor: second.cursor });
  await maintainIn(app);

  const types = async (cursor?: string) =>
    (await client.events.list.query(cursor === undefined ? {} : { cursor })).items.map(({ type }) => type);
  for (const cursor of [begun.cursor, first.cursor]) {
    const refused = { code: 'EVENTS_GONE', retryable: false, details: { oldest: second.cursor } };
    await expect(types(cursor)).rejects.toMatchObject({ data: refused });
    await expect(client.events.list.query({ cursor, bookingId: key() })).rejects.toMatchObject({ data: refused });
  }
  expect(await types(second.cursor)).toEqual(['event 3', 'event 4']);
  expect(await types(third.cursor)).toEqual(['event 4']);
  expect(await types()).toEqual(['event 3', 'event 4']);
});

it('whoever reads events otherwise can ask whether a place is kept', async () => {
  const { tenantId } = await app.tenant('asking');
  await writeEvents(app, tenantId, [OLD, YOUNG]);
  await maintainIn(app);
  const [last] = await tenantRows<{ position: string }>(app.database, tenantId, 'select position from event_retention');
  const position = Number(last?.position);
  const ask = (txid: string, at: number) =>
    app.application.database.read(newScope(tenantId), 'primary', (db) => assertKept(db, { txid, position: at }));
  await expect(ask('10', position - 1)).rejects.toMatchObject({
    code: 'EVENTS_GONE',
    details: { oldest: encodeCursor(['10', position]) },
  });
  await expect(ask('9', position + 1)).rejects.toMatchObject({ code: 'EVENTS_GONE' });
  await expect(ask('10', position)).resolves.toBeUndefined();
  await expect(ask('11', 0)).resolves.toBeUndefined();
});

it('innkeeper verify finds nothing off after maintenance, whether all events of a booking are gone or the first ones', async () => {
  const { client, tenantId } = await app.tenant('verified');
  const hotel = await createHotel(client);
  await holdRoom(client, hotel, '2026-05-01', '2026-05-03', 1_440);
  const partly = await holdRoom(client, hotel, '2026-05-01', '2026-05-03', 1_440);
  await client.bookings.confirm.mutate({ bookingId: partly.id, idempotencyKey: key() });
  await ageEvents(app, tenantId, 'booking.confirmed');
  await tenantRows(
    app.database,
    tenantId,
    `update audit_entry set at = '2020-01-01Z' where procedure <> 'bookings.confirm'`,
  );
  const { deleted } = await maintainIn(app);
  expect(deleted.events).toBeGreaterThan(2);
  expect(await eventsLeft(app, tenantId)).toEqual(['booking.confirmed']);
  await expectLedgerClean(app);
});
