import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { lockTable } from '../../support/table-lock.ts';

let app: TestApp;
let tenant: TestTenant;

beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('cut');
});
afterAll(() => app.close());

const cutWaitingSessions = () =>
  asSuperuser(
    app.database,
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );

it('a read whose connection is cut is tried once more, unseen by the caller', async () => {
  const unlock = await lockTable(app.database.ownerUrl, 'property');
  const listed = tenant.client.properties.list.query({});
  await vi.waitUntil(async () => (await cutWaitingSessions()).length > 0, { timeout: 10_000 });
  await unlock();
  expect((await listed).items).toEqual([]);
});
