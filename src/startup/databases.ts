import { resolve } from 'node:path';
import type { Config, Settings } from '../config.ts';
import { EmbeddedInUseError, folderSecrets, runningServers, startEmbedded } from '../embedded/index.ts';

/** Where the data is, running. */
export interface Databases {
  primaryUrl: string;
  replicaUrls: string[];
  /** The login that owns the tables. */
  ownerUrl: string;
  /** The embedded database's folder; null with DATABASE_URL. */
  dataDir: string | null;
  /** Notes where the server answers, for whoever tries to start a second one. */
  announce(url: string): Promise<void>;
  /** Stops what was started for this. */
  stop(): Promise<void>;
}

type Say = (line: string) => void;

const nothing = async () => {};

const external = (settings: Settings): Databases | null => {
  const { DATABASE_URL, DATABASE_MIGRATION_URL, DATABASE_REPLICA_URLS } = settings;
  if (!DATABASE_URL) return null;
  return {
    primaryUrl: DATABASE_URL,
    replicaUrls: DATABASE_REPLICA_URLS,
    ownerUrl: DATABASE_MIGRATION_URL ?? DATABASE_URL,
    dataDir: null,
    announce: nothing,
    stop: nothing,
  };
};

const embedded = async (settings: Settings, standby: boolean, log: Say): Promise<Databases> => {
  const dataDir = resolve(settings.INNKEEPER_DATA_DIR);
  return { ...(await startEmbedded({ dataDir, standby, log })), dataDir };
};

/** The databases of a server. Throws EmbeddedInUseError when another process runs the embedded one. */
export const openDatabases = async (settings: Settings, log: Say): Promise<Databases> =>
  external(settings) ?? (await embedded(settings, settings.EMBEDDED_STANDBY, log));

/** The databases for a command: those of a running server, else the embedded one for as long as the command takes. */
export const borrowDatabases = async (settings: Settings, log: Say): Promise<Databases> => {
  const given = external(settings);
  if (given) return given;
  try {
    return await embedded(settings, false, log);
  } catch (error) {
    const running = error instanceof EmbeddedInUseError ? await runningServers(error.dataDir) : undefined;
    if (!running || !(error instanceof EmbeddedInUseError)) throw error;
    return { ...running, dataDir: error.dataDir, announce: nothing, stop: nothing };
  }
};

/** Settings made complete by the databases and, with the embedded one, by the secrets kept in its folder. */
export const completeConfig = async (settings: Settings, databases: Databases): Promise<Config> => {
  const kept = databases.dataDir === null ? { DATA_KEY: '', AUTH_SECRET: '' } : await folderSecrets(databases.dataDir);
  return {
    ...settings,
    DATABASE_URL: databases.primaryUrl,
    DATABASE_REPLICA_URLS: databases.replicaUrls,
    DATA_KEY: settings.DATA_KEY ?? kept.DATA_KEY,
    AUTH_SECRET: settings.AUTH_SECRET ?? kept.AUTH_SECRET,
  };
};
