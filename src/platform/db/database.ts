import { type EntityManager, IsolationLevel, MikroORM, OptimisticLockError, type Options } from '@mikro-orm/postgresql';
import { createPostgreSqlTypeParsers } from '@mikro-orm/sql';
import { type Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import array from 'postgres-array';
import { AppError } from '../../kernel/app-error.ts';
import { faultCode, isConnectionLost, isLostRace, publicFault } from './faults.ts';
import { runInScope, type Scope } from './scope.ts';
import { type StatementListener, scopedPool } from './scoped-pool.ts';

/** Statements go through Kysely's `sql` template, so that they read as SQL; its schema types are not used. */
export type Sql = Kysely<unknown>;

/** One transaction on the primary. */
export interface Transaction {
  em: EntityManager;
  sql: Sql;
}

export interface DatabaseOptions {
  primaryUrl: string;
  replicaUrls: string[];
  /** The role that every connection takes; it must not be able to bypass row-level security. */
  role: string;
  poolSize: number;
  acquireTimeoutMs: number;
  statementTimeoutMs: number;
  idleTimeoutMs: number;
  idleTransactionTimeoutMs: number;
  applicationName: string;
  entities: NonNullable<Options['entities']>;
  onStatement: StatementListener;
  /** Called when a connection breaks; an idle one has no caller to tell. */
  onConnectionFault: (error: Error) => void;
}

export interface Database {
  /**
   * Runs `work` in one transaction on the primary, again when it lost a race. With `repeatable`, which says that `work`
   * finds out by itself whether it has already committed, also when the connection was lost.
   */
  transaction<T>(scope: Scope, work: (tx: Transaction) => Promise<T>, options?: { repeatable: boolean }): Promise<T>;
  /** Reads outside a transaction; 'replica' may be behind, but never behind the scope's token. */
  read<T>(scope: Scope, side: 'primary' | 'replica', work: (sql: Sql, em: EntityManager) => Promise<T>): Promise<T>;
  /**
   * Reads of one moment, however many statements: a transaction on the primary that can't write, is in nobody's way and
   * may take `statementTimeoutMs` for each statement.
   */
  snapshot<T>(scope: Scope, statementTimeoutMs: number, work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const ATTEMPTS = 5;

const types = new pg.TypeOverrides();
for (const [oid, parse] of Object.entries(createPostgreSqlTypeParsers((text: string) => array.parse(text)))) {
  types.setTypeParser(Number(oid), parse);
}
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());

/** Opens lazily: no connection is made before the first statement. */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  let closing = false;
  const onFault = (error: Error) => {
    if (!closing) options.onConnectionFault(error);
  };
  const makePool = (connectionString: string) =>
    new pg.Pool({
      connectionString,
      types,
      max: options.poolSize,
      connectionTimeoutMillis: options.acquireTimeoutMs,
      idleTimeoutMillis: options.idleTimeoutMs,
      keepAlive: true,
      application_name: options.applicationName,
      options: `-c role=${options.role} -c statement_timeout=${options.statementTimeoutMs} -c idle_in_transaction_session_timeout=${options.idleTransactionTimeoutMs} -c timezone=UTC -c jit=off`,
    })
      .on('error', () => {})
      .on('connect', (client) => client.on('error', onFault));

  const primary = makePool(options.primaryUrl);
  const replicas = options.replicaUrls.map(makePool);
  const dialect = (pool: ReturnType<typeof scopedPool>) => () =>
    new PostgresDialect({ pool: pool as unknown as pg.Pool });
  const orm = await MikroORM.init({
    entities: options.entities,
    dbName: 'innkeeper',
    connect: false,
    ensureDatabase: false,
    resultCache: { enabled: false, global: false },
    driverOptions: dialect(scopedPool(primary, options.onStatement)),
    replicas: replicas.map((pool) => ({ driverOptions: dialect(scopedPool(pool, options.onStatement, primary)) })),
  } as Options);

  const attempt = async <T>(work: (tx: Transaction) => Promise<T>, repeatable: boolean): Promise<T> => {
    for (let tried = 1; ; tried++) {
      try {
        return await orm.em.fork().transactional((em) => work({ em: em as EntityManager, sql: em.getKysely() as Sql }));
      } catch (error) {
        const code = faultCode(error);
        const lost = isLostRace(code) || error instanceof OptimisticLockError;
        const again = !(error instanceof AppError) && (lost || (repeatable && isConnectionLost(code)));
        if (!again || tried >= ATTEMPTS) throw publicFault(error);
      }
    }
  };

  return {
    transaction: (scope, work, { repeatable } = { repeatable: false }) =>
      runInScope(scope, () => attempt(work, repeatable)),
    read: (scope, side, work) =>
      runInScope(scope, async () => {
        const once = async () => {
          const em = orm.em.fork();
          return await work(em.getKysely({ type: side === 'replica' ? 'read' : 'write' }) as Sql, em);
        };
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
            await sql`select set_config('statement_timeout', ${String(statementTimeoutMs)}, true)`.execute(db);
            return await work(db);
          }, readOnly);
        } catch (error) {
          throw publicFault(error);
        }
      }),
    async close() {
      closing = true;
      await orm.close(true);
      // A pool that was only read from in a replica's place is unknown to the ORM.
      await Promise.all([primary, ...replicas].map((pool) => (pool.ending ? undefined : pool.end())));
    },
  };
};
