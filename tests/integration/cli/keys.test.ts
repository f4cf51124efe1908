import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { databaseSettings, runCli } from '../../support/cli-process.ts';
import { asSuperuser } from '../../support/superuser.ts';

vi.setConfig({ testTimeout: 60_000 });

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ instant: new Date().toISOString(), settings: { CACHE_POLL_MS: '20' } });
});
afterAll(() => app.close());

const keys = (...args: string[]) => runCli(['keys', ...args], databaseSettings(app.database));

const permissionsOf = async (key: string) => (await app.client(key).auth.me.query({})).permissions;

test('tenants and keys are made, listed and revoked by command, and audited as the operator’s', async () => {
  const tenant = await keys('tenant', 'create', 'seaside', 'Hotel by the sea');
  expect(tenant.status).toBe(0);
  expect(await permissionsOf(tenant.stdout.trim())).toContain('apiKeys:manage');

  const made = await keys('create', '--tenant', 'seaside', '--name', 'Desk', '--role', 'front_desk');
  const key = made.stdout.trim();
  expect(await permissionsOf(key)).not.toContain('apiKeys:manage');

  const prefix = key.split('_')[1] ?? '';
  const listed = await keys('list', '--tenant', 'seaside');
  expect(listed.stdout).toMatch(new RegExp(`^${prefix} +secret +good .* Desk +`, 'm'));
  expect(listed.stdout).not.toContain(key);

  expect((await keys('revoke', prefix, '--tenant', 'seaside')).stdout).toMatch(/^Revoked Desk/);
  const refusal = () =>
    permissionsOf(key).then(
      () => null,
      (error) => error.data.code,
    );
  await vi.waitUntil(async () => (await refusal()) === 'INVALID_CREDENTIALS', { timeout: 4_000 });

  const audited = await asSuperuser(
    app.database,
    "select procedure, actor_kind from audit_entry where procedure like 'apiKeys.%' order by at, id",
  );
  expect(audited).toEqual([
    { procedure: 'apiKeys.create', actor_kind: 'operator' },
    { procedure: 'apiKeys.revoke', actor_kind: 'operator' },
  ]);
});

test('what is not there, or not said, is refused with what to do', async () => {
  const unknown = await keys('list', '--tenant', 'nowhere');
  expect(unknown).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('There is no tenant nowhere. Those there'),
  });
  const vague = await keys('create', '--tenant', 'seaside', '--name', 'Vague');
  expect(vague).toMatchObject({ status: 2, stderr: expect.stringContaining('--role, --permission, or --publishable') });
});
