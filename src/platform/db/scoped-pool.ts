import pg from 'pg';
import { newerToken } from './consistency-token.ts';
import { faultCode, isConnectionLost, isReplicaBehind } from './faults.ts';
import { sendPrefixed } from './prefixed-query.ts';
import { currentScope, type Scope } from './scope.ts';
import { named } from './statement-names.ts';

/** Called after each statement with its text, never its parameters, and its duration. */
export type StatementListener = (text: string, milliseconds: number, target: 'primary' | 'replica') => void;

interface Connection {
  readonly processID: number | undefined;
  query(sql: string, values?: readonly unknown[]): Promise<pg.QueryResult>;
  release(): void;
}

/** The part of pg.Pool that Kysely uses. */
export interface ScopedPool {
  options: pg.PoolConfig;
  connect(): Promise<Connection>;
  end(): Promise<void>;
}

type WireClient = pg.PoolClient & { processID?: number; getTransactionStatus(): 'I' | 'T' | 'E' | null };

const BEGIN = /^(begin|start transaction)\b/;

const WAL_POSITION = `select pg_current_wal_insert_lsn() as lsn, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) as timeline`;

const setTenant = (scope: Scope) => `select set_config('app.tenant', ${pg.escapeLiteral(scope.tenant ?? '')}, true)`;

/** As setTenant; `fresh` says in the same message, before the read's snapshot, whether this replica has replayed the token. */
const setTenantOnReplica = (scope: Scope) =>
  `${setTenant(scope)}, ${scope.token ? `coalesce(pg_last_wal_replay_lsn() >= ${pg.escapeLiteral(scope.token.lsn)}::pg_lsn, false)` : 'true'} as fresh`;

/**
 * A pool whose every message names the tenant of the running scope, for that message or transaction only, so that a
 * pooled connection never carries it over. With `primary`, it is a replica's: a read that must be newer, or that the
 * replica fails, is sent to the primary instead.
 */
export const scopedPool = (pool: pg.Pool, onStatement: StatementListener, primary?: pg.Pool): ScopedPool => ({
  options: pool.options,
  end: () => pool.end(),
  async connect() {
    const scope = currentScope();
    let onReplica = primary !== undefined;
    let broken = false;
    let client = (await pool.connect().catch((error: unknown) => {
      if (!primary) throw error;
      onReplica = false;
      return primary.connect();
    })) as WireClient;

    let givenBack = false;
    const giveBack = (destroyed: boolean): void => {
      if (!givenBack) client.release(destroyed);
      givenBack = true;
    };

    /** Never fails: where it can't be said, the server rolls back by itself, and Kysely gives back only what ends well. */
    const rollback = () =>
      client.query('rollback').catch((): pg.QueryResult => {
        broken = true;
        return { command: 'ROLLBACK', rowCount: null, oid: 0, fields: [], rows: [] };
      });

    /** The tenant's setting is a query, and an isolation level has to be named before the first one. */
    const begin = async (sql: string): Promise<pg.QueryResult> => {
      try {
        return (await sendPrefixed(client, sql, named(setTenant(scope), [])))[0];
      } catch (error) {
        // Kysely gives a connection back only if it could begin a transaction on it.
        giveBack(true);
        throw error;
      }
    };

    const run = async (sql: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
      if (sql === 'rollback') return rollback();
      if (client.getTransactionStatus() !== 'I') {
        if (sql !== 'commit') return client.query({ ...named(sql, values), values: [...values] } as pg.QueryConfig);
        const [committed, position] = await sendPrefixed(client, 'commit', named(WAL_POSITION, []));
        scope.token = newerToken(scope.token, position.rows[0]);
        return committed;
      }
      if (onReplica && primary) {
        const answer = await sendPrefixed(client, setTenantOnReplica(scope), named(sql, values)).catch(
          (error: unknown) => {
            const code = faultCode(error);
            if (!isConnectionLost(code) && !isReplicaBehind(code)) throw error;
            broken = true;
            return null;
          },
        );
        if (answer?.[0].rows[0]?.fresh) return answer[1];
        giveBack(broken);
        onReplica = broken = false;
        client = (await primary.connect()) as WireClient;
        givenBack = false;
      }
      if (BEGIN.test(sql)) return begin(sql);
      return (await sendPrefixed(client, setTenant(scope), named(sql, values)))[1];
    };

    return {
      get processID() {
        return client.processID;
      },
      release: () => giveBack(broken || client.getTransactionStatus() !== 'I'),
      async query(sql, values = []) {
        if (typeof sql !== 'string') throw new Error('streaming queries are not scoped to a tenant');
        const startedAt = performance.now();
        try {
          return await run(sql, values);
        } catch (error) {
          broken ||= isConnectionLost(faultCode(error));
          throw error;
        } finally {
          const milliseconds = performance.now() - startedAt;
          scope.statistics.count += 1;
          scope.statistics.milliseconds += milliseconds;
          onStatement(sql, milliseconds, onReplica ? 'replica' : 'primary');
        }
      },
    };
  },
});
