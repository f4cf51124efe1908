import { databaseUrl } from './installation.ts';
import { readState } from './state.ts';

/** The addresses of the servers that another process runs on this data folder; undefined unless it says so. */
export async function runningServers(
  dataDir: string,
): Promise<{ primaryUrl: string; ownerUrl: string; replicaUrls: string[] } | undefined> {
  const state = await readState(dataDir);
  if (state?.pid === undefined || state.ports.primary === 0) return undefined;
  return {
    primaryUrl: databaseUrl(state, 'primary', 'app'),
    ownerUrl: databaseUrl(state, 'primary', 'owner'),
    replicaUrls: state.ports.standby === 0 ? [] : [databaseUrl(state, 'standby', 'app')],
  };
}
