import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbedded } from '../../../src/embedded/index.ts';
import { startApp, type TestApp, testMigrate } from '../../support/app.ts';

let folder: string;
let servers: EmbeddedPostgres;
let standby: pg.Client;
let app: TestApp;
let ownerKey: string;

/** The superuser on the standby, to pause and resume its replay. */
const standbyAdminUrl = (): string => {
  const url = new URL(servers.adminUrl);
  url.port = new URL(servers.replicaUrls[0] ?? '').port;
  return url.href;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'innkeeper-consistency-'));
  servers = await startEmbedded({ dataDir: folder, durable: false, log: () => {} });
  await testMigrate(servers.ownerUrl);
  standby = new pg.Client({ connectionString: standbyAdminUrl() });
  await standby.connect();
  const { ownerUrl, primaryUrl, replicaUrls } = servers;
  app = await startApp({
    database: { ownerUrl, primaryUrl, replicaUrls, drop: async () => {} },
    // What is kept is newer than the standby.
    settings: { CACHE_MB: '0' },
  });
  ({ ownerKey } = await app.tenant('tokens'));
});

afterAll(async () => {
  await standby?.query('select pg_wal_replay_resume()');
  await standby?.end();
  await app?.close();
  await servers?.stop();
  await rm(folder, { recursive: true, force: true });
});

const call = (path: string, init: { token?: string | null; key?: string; body?: unknown } = {}) =>
  fetch(`${app.url}/api/v1${path}`, {
    ...(init.body ? { method: 'POST', body: JSON.stringify(init.body) } : {}),
    headers: {
      authorization: `Bearer ${ownerKey}`,
      'content-type': 'application/json',
      ...(init.key ? { 'idempotency-key': init.key } : {}),
      ...(init.token ? { 'x-consistency-token': init.token } : {}),
    },
  });

const createProperty = async (key: string) => {
  const body = { name: key, type: 'hotel', timeZone: 'Europe/Brussels', currency: 'EUR', city: 'Ghent' };
  const answer = await call('/properties', { key, body });
  return { id: ((await answer.json()) as { id: string }).id, token: answer.headers.get('x-consistency-token') };
};

describe('a consistency token', () => {
  it('lets its holder read what was just written, though the standby stands still', async () => {
    const waitReplayed = async (token: string) => {
      const lsn = token.split('-')[1];
      for (let tries = 0; tries < 200; tries++) {
        const { rows } = await standby.query('select pg_last_wal_replay_lsn() >= $1::pg_lsn as ok', [lsn]);
        if (rows[0].ok) return;
      }
      throw new Error('the standby never caught up');
    };
    const first = await createProperty('before-the-pause');
    await waitReplayed(first.token ?? '');
    await standby.query('select pg_wal_replay_pause()');
    const { id, token } = await createProperty('while-it-stands-still');

    expect((await call(`/properties/${id}`, { token })).status).toBe(200);
    expect((await call(`/properties/${id}`)).status, 'without the token the standby answers').toBe(404);
    expect((await call(`/properties/${first.id}`, { token: first.token })).status).toBe(200);
    await standby.query('select pg_wal_replay_resume()');
  });

  it.each(['x', '00000001-zz/1', '1-0/1', '00000001-0/1; drop table booking', '00000001-000000000/1'])(
    'that is damaged is bad input: %s',
    async (token) => {
      const answer = await call('/properties', { token });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { code: 'INVALID_TOKEN' } });
    },
  );

  it('comes with every write and only ever grows', async () => {
    const first = await createProperty('token-grows-1');
    const second = await createProperty('token-grows-2');
    const ordinal = (token: string | null) => {
      const [high = '', low = ''] = (token ?? '').split('-')[1]?.split('/') ?? [];
      return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
    };
    expect(ordinal(second.token)).toBeGreaterThan(ordinal(first.token));
  });
});
