import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { presentMoment, readNewlyVisible } from '../../../src/features/events/index.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

const WRITE = 'select pg_current_xact_id()';
const eventOf = (tenantId: string, type: string, txid = 'pg_current_xact_id()') =>
  `insert into event (tenant_id, id, txid, type, payload, at)
   values ('${tenantId}', gen_random_uuid(), ${txid}, '${type}', '{}', '2026-03-01Z')`;

/** A reader of a tenant's events, which tells what each look finds, and who writes events beside it. */
const looking = async (slug: string) => {
  const { tenantId } = await app.tenant(slug);
  const { database } = app.application;
  const present = () => database.read(newScope(tenantId), 'primary', presentMoment);
  let since = await present();
  return {
    tenantId,
    write: (type: string) => tenantRows(app.database, tenantId, eventOf(tenantId, type)),
    async look() {
      const found = await database.read(newScope(tenantId), 'primary', (db) => readNewlyVisible(db, since, 100));
      since = found.moment;
      return found.events.map(({ type }) => type);
    },
  };
};

/** A transaction of its own, for a tenant, that goes on when told. */
const begun = async (tenantId: string) => {
  const client = new pg.Client({ connectionString: app.database.ownerUrl });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("select set_config('app.tenant', $1, false)", [tenantId]);
  await client.query('begin');
  await client.query(WRITE);
  return client;
};

it('a transaction that runs on has nothing read again, however much happens beside it', async () => {
  const { tenantId, write, look } = await looking('beside-an-old-one');
  const old = await begun(tenantId);
  for (const type of ['a', 'b', 'c']) {
    await write(type);
    expect(await look()).toEqual([type]);
  }
  expect(await look()).toEqual([]);
  await old.query('commit');
  expect(await look()).toEqual(['a', 'b', 'c']);
  expect(await look()).toEqual([]);
});

it('what an old transaction wrote is found when it commits, where others stand before it too', async () => {
  const { tenantId, write, look } = await looking('late');
  const old = await begun(tenantId);
  await old.query(eventOf(tenantId, 'early'));
  await write('between');
  expect(await look()).toEqual(['between']);
  // As a booking's events, which never stand before the booking's earlier ones.
  await old.query(eventOf(tenantId, 'last', "(select max(txid) from event where type = 'between')"));
  await old.query('savepoint s');
  await old.query(eventOf(tenantId, 'inner'));
  await write('beside');
  expect(await look()).toEqual(['beside']);
  await old.query('commit');
  const found = await look();
  expect(found).toEqual(expect.arrayContaining(['early', 'last', 'inner']));
  await write('after');
  expect(await look()).toEqual(['after']);
});

it('whoever begins to write after a look is found by the next one, however long it takes', async () => {
  const { tenantId, look } = await looking('begun-after');
  const [one, other] = [await begun(tenantId), await begun(tenantId)];
  await other.query(eventOf(tenantId, 'other'));
  expect(await look()).toEqual([]);
  await other.query('commit');
  expect(await look()).toEqual(['other']);
  await one.query(eventOf(tenantId, 'one'));
  await one.query('commit');
  expect(await look()).toContain('one');
});
