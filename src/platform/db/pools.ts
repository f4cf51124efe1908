import type pg from 'pg';
import { connectionTo } from './connection.ts';
import { ElasticPool } from './elastic-pool.ts';
import { cut } from './following-client.ts';
import { TIMELINE } from './timeline.ts';
import type { SessionSettings, Wording } from './wording.ts';

export interface PoolSettings extends SessionSettings {
  /** Connections that are kept, and the most there may be. */
  poolLeast: number;
  poolSize: number;
  /** A connection is replaced after so long. */
  connectionLifeMs: number;
  acquireTimeoutMs: number;
  idleTimeoutMs: number;
  applicationName: string;
}

/** Told how long it took until a connection of the pool was given out. */
export type AcquireListener = (milliseconds: number) => void;

/** A pool that fits its use, whose server may be known to be gone. */
export interface GuardedPool {
  readonly options: pg.PoolConfig;
  readonly ending: boolean;
  connect(): Promise<pg.PoolClient>;
  end(): Promise<void>;
  /** Refuses new connections at once, and cuts those that wait for an answer, until the server is back. */
  setGone(gone: boolean): void;
  readonly gone: boolean;
  /** Whether somebody got an answer from it since, by performance.now(). */
  answeredSince(ms: number): boolean;
}

const GONE = () => Object.assign(new Error('the primary does not answer its checks'), { code: '08006' });

export const makePool = (
  url: string,
  settings: PoolSettings,
  types: pg.CustomTypesConfig,
  onFault: (error: Error) => void,
  { startup }: Wording,
  onAcquired?: AcquireListener,
  more: pg.PoolConfig = {},
): ElasticPool =>
  new ElasticPool(
    {
      ...connectionTo(url),
      types,
      connectionTimeoutMillis: settings.acquireTimeoutMs,
      idleTimeoutMillis: settings.idleTimeoutMs,
      maxLifetimeSeconds: Math.ceil(settings.connectionLifeMs / 1_000),
      keepAlive: true,
      application_name: settings.applicationName,
      ...(startup !== undefined && { options: startup }),
      ...more,
    },
    { least: Math.min(settings.poolLeast, settings.poolSize), most: settings.poolSize, onAcquired },
  )
    .on('error', () => {})
    .on('connect', (client) => client.on('error', onFault));

/** Answers a function that cuts the pool's connections in use, for when their server hangs. */
export const cutterOf = (pool: pg.Pool): (() => void) => {
  const busy = new Set<pg.PoolClient>();
  pool.on('acquire', (client) => busy.add(client));
  pool.on('release', (_error, client) => busy.delete(client));
  return () => {
    for (const client of busy) cut(client);
  };
};

/** How long a server may take to say goodbye. */
const FAREWELL_MS = 1_000;

/** Closes a pool, also one whose server hangs: what is not closed by then is cut. Call it once its work is done. */
export const endPool = async (pool: pg.Pool): Promise<void> => {
  const open = (pool as unknown as { _clients: pg.PoolClient[] })._clients.slice();
  // Idle connections are still saying goodbye when the pool has ended.
  setTimeout(() => open.forEach(cut), FAREWELL_MS).unref();
  await pool.end();
};

export const guardedPool = (pool: pg.Pool): GuardedPool => {
  const cutAll = cutterOf(pool);
  let gone = false;
  let answeredAt = Number.NEGATIVE_INFINITY;
  pool.on('release', (error) => {
    if (!error) answeredAt = performance.now();
  });
  return {
    answeredSince: (ms) => answeredAt >= ms,
    options: pool.options,
    get ending() {
      return pool.ending;
    },
    connect: () => (gone ? Promise.reject(GONE()) : pool.connect()),
    end: () => endPool(pool),
    setGone(now) {
      if (now && !gone) cutAll();
      gone = now;
    },
    get gone() {
      return gone;
    },
  };
};

export const SERVER_FACTS = `select coalesce(host(inet_server_addr()) || ':' || inet_server_port(), '') as server,
  ${TIMELINE} as timeline, pg_is_in_recovery() as recovering`;
