import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { withConnection } from './admin.ts';
import type { Server } from './server.ts';
import { SLOT } from './settings.ts';

const NO_PROGRESS_MS = 15_000;
const POLL_MS = 20;

/** Makes the standby's slot unless it is there; false when the slot has lost what the standby would need. */
export async function ensureSlot(adminUrl: string): Promise<boolean> {
  return withConnection(adminUrl, async (client) => {
    const found = await client.query<{ wal_status: string | null }>(
      'select wal_status from pg_replication_slots where slot_name = $1',
      [SLOT],
    );
    if (found.rows[0]) return found.rows[0].wal_status !== 'lost';
    await client.query('select pg_create_physical_replication_slot($1, true)', [SLOT]);
    return true;
  });
}

export const dropSlot = (adminUrl: string): Promise<void> =>
  withConnection(adminUrl, async (client) => {
    await client.query(
      `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active`,
      [SLOT],
    );
  });

/** True once the standby has replayed all that the primary had; false when it ends or makes no progress. */
export async function catchesUp(adminUrl: string, standbyUrl: string, standby: Server): Promise<boolean> {
  return withConnection(adminUrl, async (primaryClient) => {
    const target = await scalar(primaryClient, 'select pg_current_wal_insert_lsn()');
    return withConnection(standbyUrl, async (client) => {
      let last: string | undefined;
      for (let waited = 0; waited < NO_PROGRESS_MS && standby.running; waited += POLL_MS) {
        const [position, done] = await progress(client, target);
        if (done) return true;
        if (position !== last) waited = 0;
        last = position;
        await delay(POLL_MS);
      }
      return false;
    });
  });
}

async function progress(client: pg.Client, target: string): Promise<[string, boolean]> {
  const { rows } = await client.query<{ position: string; done: boolean }>(
    `select pg_last_wal_replay_lsn()::text as position,
            pg_last_wal_replay_lsn() >= $1::pg_lsn
              and exists (select from pg_stat_wal_receiver where status = 'streaming') as done`,
    [target],
  );
  return [rows[0]?.position ?? '', rows[0]?.done ?? false];
}

async function scalar(client: pg.Client, sql: string): Promise<string> {
  const { rows } = await client.query<string[]>({ text: sql, rowMode: 'array' });
  return rows[0]?.[0] ?? '';
}
