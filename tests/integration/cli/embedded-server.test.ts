import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newDataDir, readyUrl, runCli, startCli } from '../../support/cli-process.ts';
import { isAlive, serverPids, watchdogPids } from '../../support/embedded-process.ts';

const whoIs = async (url: string, key: string) => {
  const answer = await fetch(`${url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${key}` } });
  return { status: answer.status, body: await answer.json() };
};

const keysIn = (page: string) => page.match(/\b[ip]k_\w{16}_[\w-]{43}/g) ?? [];

const SLOW = 60_000;

test('one command makes everything, says where it is, and Ctrl-C leaves no process behind', async () => {
  const dataDir = await newDataDir();
  const server = startCli(['serve', '--data-dir', dataDir]);
  const url = await readyUrl(server);
  await server.printed(/Ctrl-C stops everything/);
  expect(server.stdout).toContain(url);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  const [owner = '', publishable = ''] = keysIn(server.stdout);
  expect(await whoIs(url, owner)).toMatchObject({ status: 200, body: { tenant: { slug: 'demo' } } });
  expect(publishable).toMatch(/^pk_/);
  for (const secret of [owner, publishable]) expect(server.stderr).not.toContain(secret);

  const pids = serverPids(dataDir);
  const watchdogs = watchdogPids(pids);
  expect([...pids, ...watchdogs].map(isAlive)).toEqual([true, true, true, true]);
  expect(await server.end('SIGINT')).toBe(0);
  expect([...pids, ...watchdogs].map(isAlive)).toEqual([false, false, false, false]);
});

test('a second start is refused and says that the first is running, and where', { timeout: SLOW }, async () => {
  const dataDir = await newDataDir();
  const first = startCli(['serve', '--data-dir', dataDir]);
  const url = await readyUrl(first);
  const second = await runCli(['serve', '--data-dir', dataDir]);
  expect(second.status).toBe(1);
  expect(second.stderr).toContain(`process ${first.child.pid} at ${url}`);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  const tenants = await runCli(['keys', 'tenant', 'list', '--data-dir', dataDir]);
  expect(tenants.stdout).toMatch(/^demo +Demo/m);
  expect(await first.end('SIGTERM')).toBe(0);
});

test('after a kill the next start reaps what was left, keeps the data and shows the same keys', {
  timeout: SLOW,
}, async () => {
  const dataDir = await newDataDir();
  const killed = startCli(['serve', '--data-dir', dataDir], { EMBEDDED_STANDBY: 'false' });
  await readyUrl(killed);
  await killed.printed(/Ctrl-C/);
  await killed.end('SIGKILL');

  const next = startCli(['serve', '--data-dir', dataDir], { EMBEDDED_STANDBY: 'false' });
  const url = await readyUrl(next);
  await next.printed(/Ctrl-C/);
  expect(keysIn(next.stdout)).toEqual(keysIn(killed.stdout));
  expect((await whoIs(url, keysIn(next.stdout)[0] ?? '')).status).toBe(200);
  expect(await next.end('SIGINT')).toBe(0);

  for (const name of ['keys.json', 'secrets.json']) {
    expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
  }
  const secrets = JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8'));
  for (const secret of Object.values<string>(secrets)) {
    expect(killed.stdout + killed.stderr + next.stdout + next.stderr).not.toContain(secret);
  }
});
