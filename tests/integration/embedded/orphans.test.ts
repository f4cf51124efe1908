import { spawn } from 'node:child_process';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepValue, preparedFolder, query, start } from '../../support/embedded-folder.ts';
import { isAlive, serverPids, spawnEmbedded, watchdogPids } from '../../support/embedded-process.ts';

const kill = (pids: number[]) => {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
};

test('the servers of a killed process end with it', async () => {
  const folder = await preparedFolder();
  const killed = spawnEmbedded(folder);
  await killed.urls();
  const pids = serverPids(folder);
  await killed.end('SIGKILL');
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

test('servers that a killed process left running are stopped by the next start', async () => {
  const folder = await preparedFolder();
  const killed = spawnEmbedded(folder);
  const { ownerUrl } = await killed.urls();
  await keepValue(ownerUrl, 3);
  const pids = serverPids(folder);
  const watchdogs = watchdogPids(pids);
  expect(watchdogs).toHaveLength(2);
  kill(watchdogs);
  await killed.end('SIGKILL');
  expect(pids.map(isAlive)).toEqual([true, true]);
  const embedded = await start(folder);
  expect(pids.map(isAlive)).toEqual([false, false]);
  expect(embedded.lines.filter((line) => pids.some((pid) => line.includes(`(pid ${pid})`)))).toHaveLength(2);
  expect(await query(embedded.ownerUrl, 'select value from kept')).toEqual([{ value: 3 }]);
});

test('what was committed survives when process and servers are all killed', async () => {
  const folder = await preparedFolder();
  const killed = spawnEmbedded(folder);
  const { ownerUrl } = await killed.urls();
  await keepValue(ownerUrl, 4);
  kill(serverPids(folder));
  await killed.end('SIGKILL');
  const embedded = await start(folder);
  expect(await query(embedded.ownerUrl, 'select value from kept')).toEqual([{ value: 4 }]);
});

test('a stranger with the pid of a dead server is left alone and does not keep the server from starting', async () => {
  const folder = await preparedFolder();
  await (await start(folder, { standby: false })).stop();
  const { uid, gid } = await stat(join(folder, 'primary'));
  const stranger = spawn('/bin/sleep', ['60'], { uid, gid });
  onTestFinished(() => {
    stranger.kill();
  });
  const stale = [stranger.pid, join(folder, 'primary'), 1, 1, '', '127.0.0.1', '0 0', 'ready', ''].join('\n');
  await writeFile(join(folder, 'primary', 'postmaster.pid'), stale);
  const embedded = await start(folder, { standby: false });
  expect(await query(embedded.primaryUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
});

test('an empty pid file, as a power failure leaves one, does not keep the server from starting', async () => {
  const folder = await preparedFolder();
  await writeFile(join(folder, 'primary', 'postmaster.pid'), '');
  const embedded = await start(folder, { standby: false });
  expect(await query(embedded.primaryUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
});
