import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Installation } from './installation.ts';
import { reapOrphan } from './orphans.ts';
import { freePort } from './ports.ts';
import { type Server, startServer } from './server.ts';
import { serverSettings, standbySettings, writeConfiguration } from './settings.ts';

const ATTEMPTS = 20;
const PAUSE_MS = 500;
/**
 * Another program took the port after it was found free; backends of a killed server are still ending; or a process was
 * killed just as it started a server, which has shown itself only now.
 */
const PASSING = /could not bind|pre-existing shared memory block|lock file "postmaster.pid" already exists/;

/** Starts the primary or the standby on a free port, its last one if possible, and keeps the port in the state. */
export async function launch(installation: Installation, name: 'primary' | 'standby'): Promise<Server> {
  const { state, identity, log } = installation;
  const folder = join(installation.folder, name);
  for (let attempt = 1; ; attempt += 1) {
    state.ports[name] = await freePort(attempt === 1 ? state.ports[name] : 0);
    const settings = serverSettings(state.ports[name], installation);
    const follow = name === 'standby' ? standbySettings(state.ports.primary, state.passwords.replication) : {};
    await writeConfiguration(folder, { ...settings, ...follow, cluster_name: `innkeeper_${name}` }, identity);
    const logFile = logFileOf(installation, name);
    try {
      return await startServer({
        postgres: installation.binaries.postgres,
        folder,
        logFile,
        identity,
        onCrash: () => log(`The embedded PostgreSQL (${name}) ended unexpectedly; see ${logFile}.`),
      });
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Error && PASSING.test(error.message))) throw error;
      await writeFile(logFile, '');
      await delay(PAUSE_MS);
      await reapOrphan(folder, log);
    }
  }
}

export const logFileOf = (installation: Installation, name: 'primary' | 'standby'): string =>
  join(installation.folder, `${name}.log`);
