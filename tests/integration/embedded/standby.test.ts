import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { keepValue, preparedFolder, query, start } from '../../support/embedded-folder.ts';
import { waitForReplay } from '../../support/replay-wait.ts';

/** Resolves once the standby of these servers has all that the primary has. */
async function caughtUp(adminUrl: string, replicaUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await waitForReplay(admin, replicaUrl).finally(() => admin.end());
}

test('the standby receives writes and takes none itself', async () => {
  const { adminUrl, ownerUrl, primaryUrl, replicaUrls } = await start(await preparedFolder());
  const [replicaUrl = ''] = replicaUrls;
  await query(ownerUrl, 'create table seen (value int); grant select, insert on seen to innkeeper_app');
  await query(primaryUrl, 'insert into seen values (5)');
  await caughtUp(adminUrl, replicaUrl);
  expect(await query(replicaUrl, 'select value from seen')).toEqual([{ value: 5 }]);
  await expect(query(replicaUrl, 'insert into seen values (6)')).rejects.toMatchObject({ code: '25006' });
});

test.for([
  ['damaged', 'standby/global/pg_control'],
  ['missing', 'standby'],
])('a standby that is %s is built anew from the primary', async ([, path = '']) => {
  const folder = await preparedFolder();
  const first = await start(folder);
  await keepValue(first.ownerUrl, 7);
  await first.stop();
  await rm(join(folder, path), { recursive: true });
  await mkdir(join(folder, 'standby.new-interrupted'));
  const second = await start(folder);
  expect(second.lines).toContain('Building the standby from the primary.');
  const ownerOnReplica = second.ownerUrl.replace(/:\d+\//, `:${new URL(second.replicaUrls[0] ?? '').port}/`);
  expect(await query(ownerOnReplica, 'select value from kept')).toEqual([{ value: 7 }]);
});

test('a standby whose slot was given up is built anew, and the log kept for it was bounded', async () => {
  const folder = await preparedFolder();
  await (await start(folder)).stop();
  const alone = await start(folder, {
    standby: false,
    settings: { max_slot_wal_keep_size: '16MB', wal_keep_size: '0', max_wal_size: '48MB', min_wal_size: '32MB' },
  });
  for (let segment = 0; segment < 6; segment += 1) {
    await keepValue(alone.ownerUrl, segment);
    await query(alone.adminUrl, 'select pg_switch_wal()');
  }
  await query(alone.adminUrl, 'checkpoint');
  const status = 'select wal_status from pg_replication_slots';
  expect(await query(alone.adminUrl, status)).toEqual([{ wal_status: 'lost' }]);
  await alone.stop();
  const both = await start(folder);
  expect(both.lines).toEqual(['Building the standby from the primary.']);
  expect(await query(both.adminUrl, status)).toEqual([{ wal_status: 'reserved' }]);
});
