import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyCluster } from './copy.ts';
import { folderExists, newFolder, removeFolder } from './data-folder.ts';
import { databaseUrl, type Installation } from './installation.ts';
import { launch, logFileOf } from './launch.ts';
import { catchesUp, ensureSlot } from './replication.ts';
import type { Server } from './server.ts';

/** Makes the standby's folder from a primary that was shut down cleanly, replacing the one there is. */
export async function copyStandby({ folder, identity }: Installation): Promise<void> {
  await removeFolder(join(folder, 'standby'));
  const fresh = await newFolder(folder, 'standby', identity);
  await copyCluster(join(folder, 'primary'), fresh, identity);
  await writeFile(join(fresh, 'standby.signal'), '');
  await rename(fresh, join(folder, 'standby'));
}

/** Starts the standby and waits until it has caught up; undefined when the one there is can't follow the primary. */
export async function startStandby(installation: Installation): Promise<Server | undefined> {
  const { folder, state, log } = installation;
  if (!(await folderExists(join(folder, 'standby')))) return undefined;
  const adminUrl = databaseUrl(state, 'primary', 'postgres');
  if (!(await ensureSlot(adminUrl))) return undefined;
  let standby: Server | undefined;
  try {
    standby = await launch(installation, 'standby');
    if (await catchesUp(adminUrl, databaseUrl(state, 'standby', 'postgres'), standby)) return standby;
  } catch (error) {
    log(`The standby does not follow: ${error instanceof Error ? error.message : String(error)}`);
  }
  await standby?.stop();
  log(`The standby cannot follow the primary; see ${logFileOf(installation, 'standby')}.`);
  return undefined;
}
