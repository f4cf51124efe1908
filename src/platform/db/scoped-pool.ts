import type pg from 'pg';
import { invalidToken, justBefore } from '../../kernel/consistency-token.ts';
import { assertTimeLeft, statementLimit, usualLimit } from './deadline.ts';
import { faultCode, isConnectionLost } from './faults.ts';
import type { GuardedPool } from './pools.ts';
import { isOfTheFuture, noteCommit, noteRead, POSITION_AFTER, positionOf, setTenant, setTenantAt } from './position.ts';
import { sendTogether } from './prefixed-query.ts';
import { currentScope, type Scope } from './scope.ts';
import type { Wording } from './wording.ts';

/** Called after each statement with its text, never its parameters, and its duration. */
export type StatementListener = (text: string, milliseconds: number, target: 'primary' | 'replica') => void;

export interface Connection {
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

export type WireClient = pg.PoolClient & { processID?: number; getTransactionStatus(): 'I' | 'T' | 'E' | null };

export type ReadStatement = readonly [sql: string, values: readonly unknown[]];

/** How databases are spoken to. */
export interface Manner {
  wording: Wording;
  /** How long a server may take to answer a read. */
  readTimeoutMs: number;
}

/** What the connection leads to can't be written to, so that it is lost. */
const noPrimary = (cause?: unknown) =>
  Object.assign(new Error('the primary is in recovery', { cause }), { code: '08006' });

const READ_ONLY = /\bread only\b/i;
const IN_RECOVERY = '25006';

const BEGIN = /^(begin|start transaction)\b/;

/** Reads on the primary, outside a transaction. Throws INVALID_TOKEN when the scope asks for what was never written. */
export const readOnPrimary = async (
  client: WireClient,
  scope: Scope,
  [sql, values]: ReadStatement,
  { wording, readTimeoutMs }: Manner,
) => {
  assertTimeLeft(scope.deadline);
  const [before, result, after] = await sendTogether(
    client,
    setTenantAt(scope, wording),
    wording.prepare(sql, values),
    POSITION_AFTER,
    readTimeoutMs,
  );
  const position = positionOf(before);
  const seen = positionOf(after);
  // What is in recovery is no primary any more: a standby that nobody watches.
  if (!position || !seen) throw noPrimary();
  if (isOfTheFuture(scope.versions.asked, seen)) throw invalidToken();
  // A commit is in the log before it can be seen, by as long as it waits for the disk and for synchronous standbys. Whoever
  // has been told of it holds a token that is no older than this position, and may be the same.
  noteRead(scope.versions, justBefore(position), seen);
  return result;
};

/** Runs a statement and reports how long it took, and where. */
export const timed = async (
  onStatement: StatementListener,
  scope: Scope,
  text: string,
  run: () => Promise<{ result: pg.QueryResult; target: 'primary' | 'replica' }>,
): Promise<pg.QueryResult> => {
  const startedAt = performance.now();
  let target: 'primary' | 'replica' = 'primary';
  try {
    const ran = await run();
    target = ran.target;
    return ran.result;
  } finally {
    const milliseconds = performance.now() - startedAt;
    scope.statistics.count += 1;
    scope.statistics.milliseconds += milliseconds;
    onStatement(text, milliseconds, target);
  }
};

/**
 * The primary's pool, whose every message names the tenant of the running scope, for that message or transaction only, so
 * that a pooled connection never carries it over.
 */
export const scopedPool = (pool: GuardedPool, onStatement: StatementListener, manner: Manner): ScopedPool => ({
  options: pool.options,
  end: () => pool.end(),
  async connect() {
    const scope = currentScope();
    const { wording } = manner;
    const { deadline } = scope;
    assertTimeLeft(deadline);
    const client = (await pool.connect()) as WireClient;
    let broken = false;
    let readsOnly = false;
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
      readsOnly = READ_ONLY.test(sql);
      try {
        return (await sendTogether(client, sql, wording.prepare(setTenant(scope, wording), [])))[0];
      } catch (error) {
        // Kysely gives a connection back only if it could begin a transaction on it.
        giveBack(true);
        throw error;
      }
    };

    const commit = async (): Promise<pg.QueryResult> => {
      const message = [deadline && statementLimit(deadline) ? usualLimit(deadline) : null, 'commit', POSITION_AFTER];
      const results = (await client.query(message.filter(Boolean).join('; '))) as unknown as pg.QueryResult[];
      const [committed, position] = results.slice(-2);
      if (!committed || !position) throw new Error('the server answered fewer results than statements');
      const at = positionOf(position);
      if (at) noteCommit(scope.versions, at);
      return committed;
    };

    const inTransaction = async (sql: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
      assertTimeLeft(deadline);
      const statement = wording.prepare(sql, values);
      const limit = client.getTransactionStatus() === 'T' ? statementLimit(deadline) : null;
      if (limit !== null) return (await sendTogether(client, `select ${limit}`, statement))[1];
      return client.query({ ...statement, values: [...values] } as pg.QueryConfig);
    };

    const run = async (sql: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
      if (sql === 'rollback') return rollback();
      if (client.getTransactionStatus() !== 'I') {
        if (sql === 'commit') return commit();
        return inTransaction(sql, values);
      }
      return BEGIN.test(sql) ? begin(sql) : readOnPrimary(client, scope, [sql, values], manner);
    };

    return {
      get processID() {
        return client.processID;
      },
      release: () => giveBack(broken || client.getTransactionStatus() !== 'I'),
      async query(sql, values = []) {
        if (typeof sql !== 'string') throw new Error('streaming queries are not scoped to a tenant');
        try {
          return await timed(onStatement, scope, sql, async () => ({
            result: await run(sql, values),
            target: 'primary',
          }));
        } catch (error) {
          const code = faultCode(error);
          broken ||= isConnectionLost(code);
          if (code !== IN_RECOVERY || readsOnly) throw error;
          broken = true;
          throw noPrimary(error);
        }
      },
    };
  },
});
