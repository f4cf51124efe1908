import { existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepValue, preparedFolder, query, start, temporaryFolder } from '../../support/embedded-folder.ts';
import { isAlive, serverPids, spawnEmbedded } from '../../support/embedded-process.ts';

test('data, addresses and passwords survive a restart', async () => {
  const folder = await temporaryFolder();
  const first = await start(folder, { durable: true });
  await keepValue(first.ownerUrl, 1);
  await first.stop();
  const second = await start(folder, { durable: true });
  expect(await query(second.ownerUrl, 'select value from kept')).toEqual([{ value: 1 }]);
  expect(second.primaryUrl).toBe(first.primaryUrl);
  expect(second.replicaUrls).toEqual(first.replicaUrls);
  expect(second.lines).toEqual([]);
});

test('stopping leaves no server running, and stopping again is harmless', async () => {
  const folder = await preparedFolder();
  const embedded = await start(folder);
  const pids = serverPids(folder);
  expect(pids.map(isAlive)).toEqual([true, true]);
  await Promise.all([embedded.stop(), embedded.stop()]);
  await embedded.stop();
  expect(pids.map(isAlive)).toEqual([false, false]);
});

test('Ctrl-C in the terminal reaches the application, not its servers', async () => {
  const folder = await preparedFolder();
  const owner = spawnEmbedded(folder);
  const urls = await owner.urls();
  process.kill(-(owner.child.pid ?? 0), 'SIGINT');
  expect(await owner.nextLine()).toBe('interrupted');
  expect(await query(urls.primaryUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await query(urls.replicaUrls[0] ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
  await owner.end('SIGTERM');
  expect(owner.child.exitCode).toBe(0);
});

test('a first start that was killed in the middle does not keep the next one from starting', async () => {
  const folder = await temporaryFolder();
  const killed = spawnEmbedded(folder);
  const unfinished = () => readdirSync(folder).filter((entry) => entry.includes('.new-'));
  await expect.poll(unfinished, { interval: 5, timeout: 10_000 }).toHaveLength(1);
  await killed.end('SIGKILL');
  expect(existsSync(join(folder, 'primary'))).toBe(false);
  const embedded = await start(folder);
  expect(await query(embedded.primaryUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(unfinished()).toEqual([]);
});

test.for(['missing', 'damaged'])('with its passwords %s it makes new ones and keeps the data', async (fate) => {
  const folder = await preparedFolder();
  const first = await start(folder);
  await keepValue(first.ownerUrl, 2);
  await first.stop();
  const file = join(folder, 'embedded.json');
  if (fate === 'missing') await rm(file);
  else await writeFile(file, '{"ports":');
  const second = await start(folder);
  expect(new URL(second.ownerUrl).password).not.toBe(new URL(first.ownerUrl).password);
  expect(await query(second.ownerUrl, 'select value from kept')).toEqual([{ value: 2 }]);
});
