import { beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { holdOpen } from '../../support/open-transaction.ts';
import { asSuperuser, onConnection } from '../../support/superuser.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { maintainIn } from './old-rows.ts';

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('loaded');
  // Autovacuum would be first, now and then.
  await onConnection(app.database.ownerUrl, 'alter table guest set (autovacuum_enabled = false)');
  return () => app.close();
});

const addGuests = (count: number) =>
  tenantRows(
    app.database,
    tenant.tenantId,
    `with added as (
       insert into guest (id, name, name_key, erased_at, created_at)
       select gen_random_uuid(), 'n', 'n', '2026-01-01Z', '2026-01-01Z' from generate_series(1, $1::int) returning 1)
     select from added`,
    [count],
  );

const analyzed = async () => {
  const rows = await asSuperuser<{ relname: string }>(
    app.database,
    `select relname from pg_stat_user_tables where schemaname = 'public' and last_analyze is not null order by 1`,
  );
  return rows.map(({ relname }) => relname);
};

it('renews the statistics of a table once more than a thousand rows and a tenth of it have changed, and of no other', async () => {
  await addGuests(1_000);
  expect((await maintainIn(app)).analyzed).toEqual([]);
  await addGuests(200);
  expect((await maintainIn(app)).analyzed).toEqual(['guest']);
  expect(await analyzed()).toEqual(['guest']);
  const [sampled] = await asSuperuser(
    app.database,
    `select reltuples::int as rows from pg_class where relname = 'guest'`,
  );
  expect(sampled).toEqual({ rows: 1_200 });
  await addGuests(1_100);
  expect((await maintainIn(app)).analyzed).toEqual([]);
  await addGuests(200);
  expect((await maintainIn(app)).analyzed).toEqual(['guest']);
});

it('leaves a table that is locked for the next run', async () => {
  await addGuests(3_000);
  const release = await holdOpen(
    app.database.ownerUrl,
    tenant.tenantId,
    'lock table guest in share update exclusive mode',
  );
  expect(await maintainIn(app, { lockTimeoutMs: 50 })).toMatchObject({ analyzed: [], postponed: ['guest'] });
  await release();
  expect(await maintainIn(app)).toMatchObject({ analyzed: ['guest'], postponed: [] });
});

it('analyses no table but the application’s own', async () => {
  const analyze = (table: string) => onConnection(app.database.primaryUrl, 'select app.analyze_table($1)', [table]);
  for (const table of ['pg_class', 'job', 'guest; drop table guest', 'no_such']) {
    await expect(analyze(table)).rejects.toMatchObject({ code: 'P0002' });
  }
});
