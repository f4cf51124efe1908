import type pg from 'pg';
import { invalidToken, justBefore } from '../../kernel/consistency-token.ts';
import type { TracedFailure } from '../../kernel/tracing.ts';
import { assertTimeLeft, statementLimit, timeLeftMs, usualLimit } from './deadline.ts';
import { faultCode, isConnectionLost, noPrimary } from './faults.ts';
import { doubtServerOf } from './following-client.ts';
import type { GuardedPool } from './pools.ts';
import {
  isOfTheFuture,
  noteCommit,
  noteRead,
  POSITION_AFTER,
  positionIn,
  positionOf,
  setTenantAndTrace,
  setTenantAt,
} from './position.ts';
import { sendTogether, unprepared } from './prefixed-query.ts';
import { currentScope, type Scope } from './scope.ts';
import { traceStatement } from './statement-trace.ts';
import { settledFault, TokenAhead } from './token-ahead.ts';
import type { Wording } from './wording.ts';

/** Called after each statement with its text, never its parameters, its duration, and the trace that recorded it. */
export type StatementListener = (
  text: string,
  milliseconds: number,
  target: 'primary' | 'replica',
  traceId?: string,
) => void;

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
  /** How long a server may take to answer a statement. */
  readTimeoutMs: number;
}

const READ_ONLY = /\bread only\b/i;
const IN_RECOVERY = '25006';

/** The server ends a statement by itself; one that does not is taken for gone. */
export const SERVER_MAY_BE_LATE_MS = 1_000;

const BEGIN = /^(begin|start transaction)\b/;

/**
 * Reads on the primary, outside a transaction. Throws INVALID_TOKEN when the scope asks for what was never written, and
 * TokenAhead where only other hosts can tell.
 */
export const readOnPrimary = async (
  client: WireClient,
  scope: Scope,
  [sql, values]: ReadStatement,
  { wording, readTimeoutMs }: Manner,
) => {
  assertTimeLeft(scope.deadline);
  const { before, result, after } = await sendTogether(
    client,
    setTenantAt(scope, wording),
    wording.prepare(sql, values),
    wording.after,
    readTimeoutMs,
  );
  const position = positionIn(before);
  const seen = positionIn(after);
  // What is in recovery is no primary any more: a standby that nobody watches.
  if (!position || !seen) {
    doubtServerOf(client);
    throw noPrimary();
  }
  if (isOfTheFuture(scope.versions.asked, seen)) {
    const mayBeReplaced = (scope.versions.asked?.timeline ?? '') > seen.timeline;
    throw mayBeReplaced ? new TokenAhead(client) : invalidToken();
  }
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
  let failure: TracedFailure | undefined;
  try {
    const ran = await run();
    target = ran.target;
    return ran.result;
  } catch (error) {
    failure = { type: faultCode(error) ?? 'unknown' };
    throw error;
  } finally {
    const milliseconds = performance.now() - startedAt;
    scope.statistics.count += 1;
    scope.statistics.milliseconds += milliseconds;
    if (scope.trace) traceStatement(scope.trace, { text, startedAt, target }, failure);
    onStatement(text, milliseconds, target, scope.trace?.id);
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

    /** How long to wait for an answer at most: a network that hangs brings no time-out of the server's either. */
    const usualPatience = () => Math.max(manner.readTimeoutMs, scope.statementTimeoutMs + SERVER_MAY_BE_LATE_MS);
    const patience = () => Math.ceil(Math.min(usualPatience(), timeLeftMs(deadline) + SERVER_MAY_BE_LATE_MS));

    const send = (text: string, query_timeout: number) =>
      client.query({ text, query_timeout } as pg.QueryConfig) as Promise<unknown>;

    /** Never fails: where it can't be said, the server rolls back by itself, and Kysely gives back only what ends well. */
    const rollback = async (): Promise<pg.QueryResult> => {
      try {
        if (!broken) return (await send('rollback', SERVER_MAY_BE_LATE_MS)) as pg.QueryResult;
      } catch {
        broken = true;
      }
      return { command: 'ROLLBACK', rowCount: null, oid: 0, fields: [], rows: [] };
    };

    /** The tenant's setting is a query, and an isolation level has to be named before the first one. */
    const begin = async (sql: string): Promise<pg.QueryResult> => {
      readsOnly = READ_ONLY.test(sql);
      try {
        const tenant = unprepared(setTenantAndTrace(scope, wording));
        return (await sendTogether(client, unprepared(sql), tenant, null, patience())).result;
      } catch (error) {
        // Kysely gives a connection back only if it could begin a transaction on it.
        giveBack(true);
        throw error;
      }
    };

    const commit = async (): Promise<pg.QueryResult> => {
      const message = [deadline && statementLimit(deadline) ? usualLimit(deadline) : null, 'commit', POSITION_AFTER];
      const text = message.filter(Boolean).join('; ');
      const results = (await send(text, usualPatience())) as pg.QueryResult[];
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
      if (limit !== null) {
        return (await sendTogether(client, unprepared(`select ${limit}`), statement, null, patience())).result;
      }
      return client.query({ ...statement, values: [...values], query_timeout: patience() } as pg.QueryConfig);
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
          if (error instanceof TokenAhead) {
            giveBack(false);
            throw await settledFault(error, deadline);
          }
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
