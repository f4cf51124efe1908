import { join } from 'node:path';
import type { Identity } from './identity.ts';
import { replaceFile } from './replace-file.ts';

export type Settings = Record<string, string>;

const COMMON: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  // For `innkeeper analyze`.
  shared_preload_libraries: 'pg_stat_statements',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  lc_messages: 'C',
  wal_level: 'replica',
  max_wal_senders: '5',
  max_replication_slots: '5',
  wal_keep_size: '64MB',
  max_slot_wal_keep_size: '1GB',
  hot_standby: 'on',
  hot_standby_feedback: 'on',
  wal_retrieve_retry_interval: '1s',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/** After a crash of the machine the data may be lost; a crash of the server alone is survived. */
const NOT_DURABLE: Settings = { fsync: 'off', full_page_writes: 'off' };

export const SLOT = 'standby';

/** All settings of one server. Both have the same, since a standby refuses limits below its primary's. */
export function serverSettings(port: number, options: { durable: boolean; settings: Settings }): Settings {
  return { ...COMMON, ...(options.durable ? {} : NOT_DURABLE), ...options.settings, port: String(port || 5432) };
}

/** What makes a server follow a primary on this machine. */
export function standbySettings(primaryPort: number, password: string): Settings {
  const connection = `host=127.0.0.1 port=${primaryPort} user=innkeeper_replication password=${password}`;
  return { primary_conninfo: `${connection} application_name=${SLOT}`, primary_slot_name: SLOT };
}

/** Writes postgresql.conf and pg_hba.conf of a data folder: passwords only, loopback only. */
export async function writeConfiguration(
  folder: string,
  settings: Settings,
  identity: Identity | undefined,
): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${escapeValue(value)}'\n`);
  const access = [
    'host replication innkeeper_replication 127.0.0.1/32 scram-sha-256\n',
    'host all all 127.0.0.1/32 scram-sha-256\n',
  ];
  for (const [name, text] of [
    ['postgresql.conf', lines.join('')],
    ['pg_hba.conf', access.join('')],
  ] as const) {
    await replaceFile(join(folder, name), text, identity);
  }
}

const escapeValue = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll("'", "''");
