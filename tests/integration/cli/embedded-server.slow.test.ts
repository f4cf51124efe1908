import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newDataDir, readyUrl, runCli, startCli } from '../../support/cli-process.ts';
import { isAlive, serverPids, watchdogPids } from '../../support/embedded-process.ts';

const SLOW = 60_000;
const SMALL = { LOAD_SAMPLE: 'false' };

const statusFor = async (url: string, key: string): Promise<number> =>
  (await fetch(`${url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${key}` } })).status;

test('one command makes everything, says where it is, and Ctrl-C leaves no process behind', {
  timeout: SLOW,
}, async () => {
  const dataDir = await newDataDir();
  const server = startCli(['serve', '--data-dir', dataDir], SMALL);
  const url = await readyUrl(server);
  await server.printed(/Ctrl-C stops everything/);
  expect(server.stdout).toContain(`${url}/docs`);
  expect(server.stdout).toContain(dataDir);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);

  const pids = serverPids(dataDir);
  const watchdogs = watchdogPids(pids);
  expect([...pids, ...watchdogs].map(isAlive)).toEqual([true, true, true, true]);
  expect(await server.end('SIGINT')).toBe(0);
  expect([...pids, ...watchdogs].map(isAlive)).toEqual([false, false, false, false]);
});

test('a second start is refused and says that the first is running, and where', { timeout: SLOW }, async () => {
  const dataDir = await newDataDir();
  const first = startCli(['serve', '--data-dir', dataDir], { ...SMALL, EMBEDDED_STANDBY: 'false' });
  const url = await readyUrl(first);
  const second = await runCli(['serve', '--data-dir', dataDir], SMALL);
  expect(second.status).toBe(1);
  expect(second.stderr).toContain(`process ${first.child.pid} at ${url}`);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await first.end('SIGTERM')).toBe(0);
});

test('after a kill the next start reaps what was left and has the data, secrets included', {
  timeout: SLOW,
}, async () => {
  const dataDir = await newDataDir();
  const settings = { ...SMALL, EMBEDDED_STANDBY: 'false' };
  const killed = startCli(['serve', '--data-dir', dataDir], settings);
  await readyUrl(killed);
  const made = await runCli(['keys', 'tenant', 'create', 'seaside', 'Seaside', '--data-dir', dataDir]);
  expect(made.status).toBe(0);
  await killed.end('SIGKILL');

  const next = startCli(['serve', '--data-dir', dataDir], settings);
  expect(await statusFor(await readyUrl(next), made.stdout.trim())).toBe(200);
  expect(await next.end('SIGINT')).toBe(0);
});
