import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant, testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { refusalOf } from '../../support/refusal.ts';
import { createTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

let database: TestDatabase;
let toPrimary: TcpProxy;
let toReplica: TcpProxy;
let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  [toPrimary, toReplica] = await Promise.all([
    createTcpProxy(database.primaryUrl),
    createTcpProxy(database.replicaUrls[0] ?? ''),
  ]);
  app = await startApp({ database: { ...database, primaryUrl: toPrimary.url, replicaUrls: [toReplica.url] } });
  tenant = await app.tenant('sources');
});
afterAll(async () => {
  await app.close();
  await Promise.all([toPrimary.close(), toReplica.close()]);
  await database.drop();
});

const list = () => tenant.client.bookings.list.query({});

it('a read that breaks on the replica while the primary is gone says to try again, and works once they are back', async () => {
  expect((await list()).items).toEqual([]);
  for (const proxy of [toPrimary, toReplica]) {
    proxy.stayDown();
    proxy.loseMessage(tenant.tenantId);
  }
  for (let tries = 0; tries < 3; tries++) {
    expect(await refusalOf(list())).toMatchObject({ httpStatus: 503, code: 'DATABASE_UNAVAILABLE', retryable: true });
  }
  for (const proxy of [toPrimary, toReplica]) proxy.heal();
  expect((await list()).items).toEqual([]);
});
