import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { type EmbeddedPostgres, startEmbedded } from '../../../src/embedded/index.ts';
import { testMigrate } from '../../support/app.ts';

export interface OwnServers extends EmbeddedPostgres {
  /** From now on the standby replays nothing. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Makes the standby a primary of its own, beside the one there is. */
  promote(): Promise<void>;
}

/** A primary and a standby of the test's own, migrated. */
export const startOwnServers = async (): Promise<OwnServers> => {
  const dataDir = await mkdtemp(join(inject('runFolder'), 'standby-'));
  const servers = await startEmbedded({ dataDir, durable: false, log: () => {} });
  await testMigrate(servers.ownerUrl);
  const url = new URL(servers.adminUrl);
  url.port = new URL(servers.replicaUrls[0] ?? '').port;
  const standby = new pg.Client({ connectionString: url.href });
  await standby.connect();
  return {
    ...servers,
    pause: async () => void (await standby.query('select pg_wal_replay_pause()')),
    resume: async () => void (await standby.query('select pg_wal_replay_resume()')),
    promote: async () => void (await standby.query('select pg_promote()')),
    async stop() {
      await standby.end();
      await servers.stop();
    },
  };
};
