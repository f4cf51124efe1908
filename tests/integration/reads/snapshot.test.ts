import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createProperty } from '../../support/hotel.ts';

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '', DATABASE_STATEMENT_TIMEOUT_MS: '5000' } });
  tenant = await app.tenant('snapshots');
});
afterAll(() => app.close());

const snapshot: TestApp['application']['database']['snapshot'] = (...args) =>
  app.application.database.snapshot(...args);

it('a snapshot shows one moment of one tenant, whatever is committed meanwhile', async () => {
  const stranger = await app.tenant('strangers');
  await createProperty(stranger.client);
  const counts = await snapshot(newScope(tenant.tenantId), 1_000, async (db) => {
    const count = async () => (await sql<{ n: number }>`select count(*) as n from property`.execute(db)).rows[0]?.n;
    const before = await count();
    await createProperty(tenant.client);
    return [before, await count()];
  });
  expect(counts).toEqual([0, 0]);
});

it('can’t write', async () => {
  const write = snapshot(newScope(tenant.tenantId), 1_000, (db) => sql`update property set name = 'x'`.execute(db));
  await expect(write).rejects.toMatchObject({ code: '25006' });
});

it('has a statement time-out of its own, which ends with it', async () => {
  const timeout = (db: Parameters<Parameters<typeof snapshot>[2]>[0]) =>
    sql<{ ms: string }>`select current_setting('statement_timeout') as ms`.execute(db);
  const scope = newScope(tenant.tenantId);
  expect((await snapshot(scope, 120_000, timeout)).rows).toEqual([{ ms: '2min' }]);
  expect((await app.application.database.read(scope, 'primary', timeout)).rows).toEqual([{ ms: '5s' }]);
  const slow = snapshot(scope, 20, (db) => sql`select pg_sleep(5)`.execute(db));
  await expect(slow).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
});
