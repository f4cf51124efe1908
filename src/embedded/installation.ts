import type { Binaries } from './binaries.ts';
import type { Identity } from './identity.ts';
import type { Settings } from './settings.ts';
import type { EmbeddedState } from './state.ts';

/** What every step of a start needs to know. */
export interface Installation {
  /** The data folder that holds everything. */
  folder: string;
  binaries: Binaries;
  identity: Identity | undefined;
  state: EmbeddedState;
  durable: boolean;
  settings: Settings;
  log: (line: string) => void;
}

/** The URL of a role on the primary or the standby. */
export function databaseUrl(
  state: EmbeddedState,
  server: 'primary' | 'standby',
  role: 'postgres' | 'owner' | 'app',
): string {
  const user = role === 'postgres' ? 'postgres' : `innkeeper_${role}`;
  const database = role === 'postgres' ? 'postgres' : 'innkeeper';
  const password = encodeURIComponent(state.passwords[role]);
  return `postgres://${user}:${password}@127.0.0.1:${state.ports[server]}/${database}`;
}
