import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { locateBinaries } from './binaries.ts';
import { resetPasswords } from './cluster.ts';
import { openDataFolder, removeUnfinished } from './data-folder.ts';
import { serverIdentity } from './identity.ts';
import { EmbeddedInUseError } from './in-use-error.ts';
import { databaseUrl, type Installation } from './installation.ts';
import { logFileOf } from './launch.ts';
import { lockFolder } from './lock.ts';
import { reapOrphan } from './orphans.ts';
import { createServers } from './servers.ts';
import { newState, readState, writeState } from './state.ts';

export { runningServers } from './attach.ts';
export { EmbeddedInUseError } from './in-use-error.ts';
export { readPrivateFile, writePrivateFile } from './private-file.ts';
export { folderSecrets } from './secrets.ts';

export interface EmbeddedOptions {
  /** The folder that holds everything: data, passwords, logs. Made when missing. */
  dataDir: string;
  /** Also run a streaming standby. Default true. */
  standby?: boolean;
  /** False trades the data's safety in a crash of the machine for speed; for tests. Default true. */
  durable?: boolean;
  /** Takes one line of progress at a time; never a secret. */
  log: (line: string) => void;
  /** PostgreSQL settings by name, over the defaults, on both servers. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** The application's role, which row-level security binds, on the primary. */
  primaryUrl: string;
  /** The role that owns the database, for migrations. */
  ownerUrl: string;
  /** The application's role on the standby; empty without one. */
  replicaUrls: string[];
  /** The superuser; not for the application. */
  adminUrl: string;
  /** Notes where the application answers, for whoever tries to start a second one. */
  announce(url: string): Promise<void>;
  /** Clean shutdown of both servers. Again returns the same promise. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL on loopback. Throws EmbeddedInUseError while another process runs on the same data folder. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const folder = await openDataFolder(options.dataDir);
  const unlock = lockFolder(folder);
  if (!unlock) throw new EmbeddedInUseError(folder, (await readState(folder)) ?? {});
  try {
    return await startLocked(folder, unlock, options);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function startLocked(folder: string, unlock: () => void, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { standby = true, durable = true, settings = {}, log } = options;
  const kept = await readState(folder);
  const { url: _, ...state } = { ...(kept ?? newState()), pid: process.pid };
  if (kept) await writeState(folder, state);
  const installation: Installation = { ...(await prepare(folder, log)), folder, state, durable, settings, log };
  if (!kept) {
    await resetPasswords(installation);
    await writeState(folder, state);
  }
  const servers = createServers(installation);
  try {
    await emptyLogs(installation);
    await servers.start({ standby });
    await writeState(folder, state);
  } catch (error) {
    await servers.stop();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    try {
      await servers.stop();
      await writeState(folder, { ports: state.ports, passwords: state.passwords });
    } finally {
      unlock();
    }
  };
  return {
    primaryUrl: databaseUrl(state, 'primary', 'app'),
    ownerUrl: databaseUrl(state, 'primary', 'owner'),
    replicaUrls: standby ? [databaseUrl(state, 'standby', 'app')] : [],
    adminUrl: databaseUrl(state, 'primary', 'postgres'),
    announce: (url) => writeState(folder, { ...state, url }),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function emptyLogs(installation: Installation): Promise<void> {
  for (const name of ['primary', 'standby'] as const) {
    await writeFile(logFileOf(installation, name), '', { mode: 0o600 });
  }
}

/** Clears what a killed process left behind and finds what is needed to run servers here. */
async function prepare(folder: string, log: (line: string) => void) {
  for (const name of ['standby', 'primary']) await reapOrphan(join(folder, name), log);
  await removeUnfinished(folder);
  const identity = await serverIdentity(folder);
  return { identity, binaries: await locateBinaries(identity) };
}
