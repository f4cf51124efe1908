import { expect, onTestFinished, test, vi } from 'vitest';
import { databaseSettings, readyUrl, runCli, startCli } from '../../support/cli-process.ts';
import { createEmptyDatabase } from '../../support/postgres.ts';
import { createTcpProxy } from '../../support/tcp-proxy.ts';

vi.setConfig({ testTimeout: 60_000 });

const UNREACHABLE = databaseSettings({
  primaryUrl: 'postgres://innkeeper_app:x@127.0.0.1:1/innkeeper',
  replicaUrls: [],
});

test('a server whose database is down says so, stays alive and unready, and stops when told to', async () => {
  const server = startCli(['serve', '--port', '0'], { ...UNREACHABLE, LOG_LEVEL: 'debug' });
  const url = await server.printed(/"url":"([^"]+)","msg":"listening"/);
  await server.printed(/"reason":"it does not answer \(ECONNREFUSED\)".*"msg":"waiting for the database"/);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  const readyz = await fetch(`${url}/readyz`);
  expect([readyz.status, await readyz.json()]).toEqual([503, { status: 'not ready', reasons: ['starting'] }]);
  const refused = await fetch(`${url}/api/v1/properties`);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: { code: 'STARTING', retryable: true } });
  expect(await server.end('SIGTERM')).toBe(0);
});

test('migrations are run, listed and checked by command, and make a waiting server ready', async () => {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  const settings = databaseSettings(database);
  const migrating = { DATABASE_URL: settings.DATABASE_URL ?? '', DATABASE_MIGRATION_URL: database.ownerUrl };

  const server = startCli(['serve'], settings);
  const url = await readyUrl(server);
  const readyz = async () => (await fetch(`${url}/readyz`)).status;
  expect(await readyz()).toBe(503);

  const before = await runCli(['migrate', 'check'], migrating);
  expect(before).toMatchObject({ status: 1, stdout: expect.stringContaining('Pending: 0001_') });
  expect(await runCli(['migrate'], migrating)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Ran 0001_'),
  });
  expect(await runCli(['migrate', 'check'], migrating)).toMatchObject({ status: 0, stdout: 'Nothing is pending.\n' });
  const status = await runCli(['migrate', 'status'], migrating);
  expect(status.stdout).toMatch(/^0001_tenants_and_access +\d{4}-\d\d-\d\dT/m);

  await expect.poll(readyz, { timeout: 5_000 }).toBe(200);
});

test('a migration that may wait runs once its database answers, and says why when it never does', async () => {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  const proxy = await createTcpProxy(database.ownerUrl);
  onTestFinished(() => proxy.close());
  proxy.stayDown();
  proxy.loseMessage('innkeeper_owner');

  const migration = startCli(['migrate', 'up', '--wait', '60'], { DATABASE_URL: proxy.url });
  await migration.printed(/waiting for the database/);
  proxy.heal();
  expect(await migration.exited).toBe(0);
  expect(migration.stdout).toContain('Ran 0001_');

  const inVain = await runCli(['migrate', 'up', '--wait', '1'], UNREACHABLE);
  expect(inVain).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/waited for, 1 s in vain\.\n {2}because: connect ECONNREFUSED/),
  });
});
