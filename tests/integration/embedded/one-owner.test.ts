import { expect, test } from 'vitest';
import { EmbeddedInUseError, startEmbedded } from '../../../src/embedded/index.ts';
import { preparedFolder, query, start } from '../../support/embedded-folder.ts';
import { spawnEmbedded } from '../../support/embedded-process.ts';

const failure = (dataDir: string): Promise<unknown> =>
  startEmbedded({ dataDir, log: () => {} }).then(
    () => 'started',
    (error: unknown) => error,
  );

test('a second start is refused and names the process that runs, and where', async () => {
  const folder = await preparedFolder();
  const owner = spawnEmbedded(folder);
  const { primaryUrl } = await owner.urls();
  const error = await failure(folder);
  expect(error).toBeInstanceOf(EmbeddedInUseError);
  expect(error).toMatchObject({ pid: owner.child.pid, url: undefined });
  expect(await query(primaryUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await owner.end('SIGTERM');
});

test('a second start in the same process is refused and says the announced address', async () => {
  const folder = await preparedFolder();
  const embedded = await start(folder, { standby: false });
  await embedded.announce('http://127.0.0.1:3000');
  const error = await failure(folder);
  expect(error).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:3000' });
  expect(String(error)).toContain(`process ${process.pid} at http://127.0.0.1:3000`);
});

test('of many starts at the same time exactly one wins', async () => {
  const folder = await preparedFolder();
  const starts = Array.from({ length: 6 }, () => start(folder, { standby: false }));
  const results = await Promise.allSettled(starts);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  expect(reasons.every((reason) => reason instanceof EmbeddedInUseError)).toBe(true);
});

test('a folder is free again after a stop', async () => {
  const folder = await preparedFolder();
  await (await start(folder, { standby: false })).stop();
  const again = await start(folder, { standby: false });
  expect(again.replicaUrls).toEqual([]);
});
