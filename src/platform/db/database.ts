import { type EntityManager, IsolationLevel, MikroORM, OptimisticLockError, type Options } from '@mikro-orm/postgresql';
import { createPostgreSqlTypeParsers } from '@mikro-orm/sql';
import { type Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import array from 'postgres-array';
import { AppError } from '../../kernel/app-error.ts';
import { backOff } from './backoff.ts';
import type { ElasticPool, PoolStanding } from './elastic-pool.ts';
import { faultCode, isConnectionLost, isLostRace, publicFault } from './faults.ts';
import { startMonitor } from './monitor.ts';
import { endPool, guardedPool, makePool, type PoolSettings } from './pools.ts';
import { openReplicaPools } from './replica-pools.ts';
import { replicaReads } from './replica-reads.ts';
import { type ReplicaStanding, standingByServer } from './replica-standing.ts';
import type { ReplicaListener } from './replicas.ts';
import { runInScope, type Scope } from './scope.ts';
import { type ScopedPool, SERVER_MAY_BE_LATE_MS, type StatementListener, scopedPool } from './scoped-pool.ts';
import { allowStatements } from './statement-time.ts';
import { wordingOf } from './wording.ts';

/** Statements go through Kysely's `sql` template, so that they read as SQL; its schema types are not used. */
export type Sql = Kysely<unknown>;

/** One transaction on the primary. */
export interface Transaction {
  em: EntityManager;
  sql: Sql;
}

/** How replicas are read and watched. */
export interface ReplicaSettings {
  /** How long a read waits for a replica to reach its token before it goes to the primary. */
  waitMs: number;
  /** How long it waits while the primary is gone. */
  behindMs: number;
  checkMs: number;
  checkTimeoutMs: number;
  /** One that is further behind is not read from. */
  maxLagMs: number;
}

export interface DatabaseOptions extends PoolSettings {
  primaryUrl: string;
  replicaUrls: string[];
  replicas: ReplicaSettings;
  entities: NonNullable<Options['entities']>;
  onStatement: StatementListener;
  /** Called when a connection breaks; an idle one has no caller to tell. */
  onConnectionFault: (error: Error) => void;
  onReplica: ReplicaListener;
  /** The primary stopped answering its checks, or answers again. */
  onPrimary: (gone: boolean) => void;
  onAcquired?: (pool: 'primary' | 'replica', milliseconds: number) => void;
}

/** How a pool or a replica stands now, for who watches. */
export interface DatabaseStanding {
  /** Those to replicas together. */
  pools: ({ pool: 'primary' | 'replica' } & PoolStanding)[];
  replicas: ReplicaStanding[];
}

export interface Database {
  /**
   * Runs `work` in one transaction on the primary, again when it lost a race. With `repeatable`, which says that `work`
   * finds out by itself whether it has already committed, also when the connection was lost.
   */
  transaction<T>(scope: Scope, work: (tx: Transaction) => Promise<T>, options?: { repeatable: boolean }): Promise<T>;
  /**
   * Reads outside a transaction, entities by an entity manager that `em` makes; 'replica' may be behind, but never behind what
   * the scope asks for.
   */
  read<T>(
    scope: Scope,
    side: 'primary' | 'replica',
    work: (sql: Sql, em: () => EntityManager) => Promise<T>,
  ): Promise<T>;
  /**
   * Reads of one moment, however many statements: a transaction on the primary that can't write, is in nobody's way and
   * may take `statementTimeoutMs` for each statement.
   */
  snapshot<T>(scope: Scope, statementTimeoutMs: number, work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The same for whoever opened it and watches it. */
export interface OpenDatabase extends Database {
  standing(): DatabaseStanding;
}

const ATTEMPTS = 5;

const types = new pg.TypeOverrides();
for (const [oid, parse] of Object.entries(createPostgreSqlTypeParsers((text: string) => array.parse(text)))) {
  types.setTypeParser(Number(oid), parse);
}
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());

const summed = (pools: readonly ElasticPool[]): PoolStanding =>
  pools
    .map(({ standing }) => standing)
    .reduce((sum, one) => ({
      used: sum.used + one.used,
      idle: sum.idle + one.idle,
      waiting: sum.waiting + one.waiting,
      limit: sum.limit + one.limit,
    }));

/** Opens lazily: no connection is made before the first statement. */
export const openDatabase = async (options: DatabaseOptions): Promise<OpenDatabase> => {
  let closing = false;
  const onFault = (error: Error) => {
    if (!closing) options.onConnectionFault(error);
  };
  const wording = wordingOf(options);
  const poolOf = (pool: 'primary' | 'replica', url: string, more?: pg.PoolConfig) =>
    makePool(url, options, types, onFault, wording, (ms) => options.onAcquired?.(pool, ms), more);
  const primaryPool = poolOf('primary', options.primaryUrl);
  const primary = guardedPool(primaryPool);
  const replicaPools: ElasticPool[] = [];
  const { replicas, serverOf } = openReplicaPools(
    options.replicaUrls,
    (url, onConnect) => {
      const pool = poolOf('replica', url, { onConnect } as pg.PoolConfig);
      replicaPools.push(pool);
      return pool;
    },
    options.onReplica,
    options.replicas.checkTimeoutMs,
  );
  const { waitMs, behindMs, checkTimeoutMs: timeoutMs } = options.replicas;
  const { onStatement } = options;
  const manner = { wording, readTimeoutMs: options.statementTimeoutMs + SERVER_MAY_BE_LATE_MS };
  let monitor: ReturnType<typeof startMonitor> | undefined;
  /** The first statement starts the watch. */
  const watched = (pool: ScopedPool): ScopedPool => ({
    ...pool,
    connect() {
      if (!closing) monitor ??= startMonitor({ ...options, ...options.replicas, primary, replicas, timeoutMs });
      return pool.connect();
    },
  });
  const dialect = (pool: ScopedPool) => () => new PostgresDialect({ pool: watched(pool) as unknown as pg.Pool });
  const orm = await MikroORM.init({
    entities: options.entities,
    dbName: 'innkeeper',
    connect: false,
    ensureDatabase: false,
    resultCache: { enabled: false, global: false },
    driverOptions: dialect(scopedPool(primary, onStatement, manner)),
    // The ORM picks one at random for each query: it is given one, which chooses.
    replicas: replicas.pools.length
      ? [
          {
            driverOptions: dialect(
              replicaReads({ replicas, primary, serverOf, onStatement, waitMs, behindMs, manner }),
            ),
          },
        ]
      : [],
  } as Options);

  /** What every fork would answer anew. */
  const made: { primary?: Sql; replica?: Sql } = {};
  const sqlOf = (side: 'primary' | 'replica'): Sql => {
    made[side] ??= orm.em.fork().getKysely({ type: side === 'replica' ? 'read' : 'write' }) as Sql;
    return made[side];
  };

  const attempt = async <T>(work: (tx: Transaction) => Promise<T>, repeatable: boolean): Promise<T> => {
    for (let tried = 1; ; tried++) {
      try {
        return await orm.em.fork().transactional((em) => work({ em: em as EntityManager, sql: em.getKysely() as Sql }));
      } catch (error) {
        const code = faultCode(error);
        const lost = isLostRace(code) || error instanceof OptimisticLockError;
        const again = !(error instanceof AppError) && (lost || (repeatable && isConnectionLost(code)));
        if (!again || tried >= ATTEMPTS) throw publicFault(error);
        await backOff(tried);
      }
    }
  };

  return {
    transaction: (scope, work, { repeatable } = { repeatable: false }) =>
      runInScope(scope, () => attempt(work, repeatable)),
    read: (scope, side, work) =>
      runInScope(scope, async () => {
        const once = async () => work(sqlOf(side), () => orm.em.fork());
        try {
          // A cut connection says nothing about the next one, and reading again is safe.
          return await once().catch((error: unknown) =>
            isConnectionLost(faultCode(error)) ? once() : Promise.reject(error),
          );
        } catch (error) {
          throw publicFault(error);
        }
      }),
    snapshot: (scope, statementTimeoutMs, work) =>
      runInScope(scope, async () => {
        const readOnly = { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true };
        try {
          return await orm.em.fork().transactional(async (em) => {
            const db = em.getKysely() as Sql;
            await allowStatements(db, statementTimeoutMs);
            return await work(db);
          }, readOnly);
        } catch (error) {
          throw publicFault(error);
        }
      }),
    standing: () => ({
      pools: [
        { pool: 'primary', ...primaryPool.standing },
        ...(replicaPools.length ? [{ pool: 'replica' as const, ...summed(replicaPools) }] : []),
      ],
      replicas: standingByServer(replicas.all()),
    }),
    async close() {
      closing = true;
      await monitor?.stop();
      await orm.close(true);
      // The ORM knows only the pools that it has asked.
      await Promise.all([primary.ending ? undefined : primary.end(), ...replicas.pools.map(endPool)]);
    },
  };
};
