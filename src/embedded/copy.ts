import { chown, constants, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Identity } from './identity.ts';

/** Folders whose content belongs to one running server and is made anew by the next. */
const LEFT_EMPTY = new Set([
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pgsql_tmp',
]);
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts']);

/** Copies the data folder of a server that was shut down cleanly into an existing folder. Links are left out. */
export async function copyCluster(from: string, to: string, identity: Identity | undefined): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (LEFT_OUT.has(entry.name) || !(entry.isFile() || entry.isDirectory())) continue;
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      await mkdir(target, { mode: 0o700 });
      if (!LEFT_EMPTY.has(entry.name)) await copyCluster(source, target, identity);
    } else {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
    }
    if (identity) await chown(target, identity.uid, identity.gid);
  }
}
