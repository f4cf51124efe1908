import { join } from 'node:path';
import { createCluster } from './cluster.ts';
import { folderExists, removeFolder } from './data-folder.ts';
import { databaseUrl, type Installation } from './installation.ts';
import { launch } from './launch.ts';
import { dropSlot } from './replication.ts';
import type { Server } from './server.ts';
import { copyStandby, startStandby } from './standby.ts';

export interface Servers {
  start(options: { standby: boolean }): Promise<void>;
  /** Stops the standby, then the primary. */
  stop(): Promise<void>;
}

/** The primary and its standby: created when missing, the standby built anew when it can't follow. */
export function createServers(installation: Installation): Servers {
  const { folder, state, log } = installation;
  let primary: Server | undefined;
  let standby: Server | undefined;

  async function preparePrimary(): Promise<'new' | 'kept'> {
    if (await folderExists(join(folder, 'primary'))) return 'kept';
    log(`Creating the database in ${folder}.`);
    await removeFolder(join(folder, 'standby'));
    await createCluster(installation);
    return 'new';
  }

  async function rebuildStandby(): Promise<void> {
    log('Building the standby from the primary.');
    await dropSlot(databaseUrl(state, 'primary', 'postgres'));
    await primary?.stop();
    await copyStandby(installation);
    primary = await launch(installation, 'primary');
    standby = await startStandby(installation);
    if (!standby) throw new Error(`The standby does not start; see ${join(folder, 'standby.log')}.`);
  }

  return {
    async start(options) {
      const origin = await preparePrimary();
      if (origin === 'new' && options.standby) await copyStandby(installation);
      primary = await launch(installation, 'primary');
      if (!options.standby) {
        state.ports.standby = 0;
        return;
      }
      standby = await startStandby(installation);
      if (!standby) await rebuildStandby();
    },
    async stop() {
      try {
        await standby?.stop();
      } finally {
        await primary?.stop();
      }
    },
  };
}
