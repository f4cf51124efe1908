import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { AppError } from '../../kernel/app-error.ts';
import { justBefore, reaches } from '../../kernel/consistency-token.ts';
import { assertTimeLeft, timeLeftMs } from './deadline.ts';
import { faultCode, isConnectionLost, isReplicaBehind } from './faults.ts';
import type { GuardedPool } from './pools.ts';
import { isLeading, noteRead, POSITION_AFTER, positionIn, positionOf, setTenantAt } from './position.ts';
import { sendTogether } from './prefixed-query.ts';
import type { Replica, Replicas } from './replicas.ts';
import { currentScope, type Scope } from './scope.ts';
import {
  type Manner,
  type ReadStatement,
  readOnPrimary,
  type ScopedPool,
  type StatementListener,
  timed,
  type WireClient,
} from './scoped-pool.ts';
import { isUnsureOfToken, settledFault } from './token-ahead.ts';

export interface ReplicaReadOptions {
  replicas: Replicas;
  /** Answers in their place. */
  primary: GuardedPool;
  serverOf: (client: pg.PoolClient) => Replica;
  onStatement: StatementListener;
  /** How long a read waits for a replica to reach its token before it goes to the primary. */
  waitMs: number;
  /** How long it waits while the primary is gone. */
  behindMs: number;
  manner: Manner;
}

/** A replica's answer, or why there is none: it is behind the token, or it failed. */
type Answer = { result: pg.QueryResult } | 'behind' | 'failed';

interface Patience {
  /** How long to wait for a replica that is behind. */
  waitMs: number;
  takesOlder: boolean;
}

const isInvalidToken = (error: unknown) => error instanceof AppError && error.code === 'INVALID_TOKEN';

const PAUSE_MS = 1;
/** How long a server may take to say where it stands. */
const ANSWER_WITHIN_MS = 1_000;

const behind = (cause: unknown) =>
  new AppError(
    'unavailable',
    'REPLICA_BEHIND',
    'What you have seen is not on any copy that answers now. Try again, or accept an older answer.',
    { retryable: true, cause },
  );

/** Watches where the server stands until it has what the scope asks for; false when that takes longer than `waitMs`. */
const catchesUp = async (client: WireClient, replica: Replica, scope: Scope, waitMs: number): Promise<boolean> => {
  const deadline = performance.now() + Math.min(waitMs, timeLeftMs(scope.deadline));
  while (performance.now() < deadline) {
    await delay(PAUSE_MS);
    const query = { text: POSITION_AFTER, query_timeout: ANSWER_WITHIN_MS } as pg.QueryConfig;
    const position = positionOf(await client.query(query), replica.timeline);
    if (position && reaches(position, scope.versions.asked)) return true;
  }
  return false;
};

const readOn = async (
  client: WireClient,
  options: ReplicaReadOptions,
  replica: Replica,
  scope: Scope,
  statement: ReadStatement,
  patience: Patience,
): Promise<Answer> => {
  assertTimeLeft(scope.deadline);
  const { versions } = scope;
  const { replicas, manner, primary } = options;
  const message = [
    setTenantAt(scope, manner.wording),
    manner.wording.prepare(...statement),
    manner.wording.after,
    manner.readTimeoutMs,
  ] as const;
  const { before, result, after } = await sendTogether(client, ...message);
  const stoodAt = positionIn(before, replica.timeline);
  const seen = positionIn(after, replica.timeline);
  if (!stoodAt || !seen) return 'failed';
  replicas.stands(replica, seen);
  const leads = isLeading(before);
  if (leads && !replicas.standsIn(stoodAt.timeline, primary.gone)) {
    replicas.leads(replica);
    return 'failed';
  }
  const hasAll = reaches(stoodAt, versions.asked);
  if (!hasAll && !patience.takesOlder) {
    const caughtUp = await catchesUp(client, replica, scope, patience.waitMs);
    return caughtUp ? readOn(client, options, replica, scope, statement, { ...patience, waitMs: 0 }) : 'behind';
  }
  versions.older ||= !hasAll;
  // What leads has all, and what is known of that is what is known of a primary.
  noteRead(versions, leads ? justBefore(stoodAt) : stoodAt, seen);
  return { result };
};

/** Reads on a server that the pool connects to; 'failed' for what another server may do better. */
const ask = async (
  options: ReplicaReadOptions,
  pool: pg.Pool,
  scope: Scope,
  statement: ReadStatement,
  patience: Patience,
): Promise<Answer> => {
  const { replicas } = options;
  const client = (await pool.connect().catch((error: unknown) => {
    if (isConnectionLost(faultCode(error))) replicas.unreachable(pool);
    return null;
  })) as WireClient | null;
  if (!client) return 'failed';
  const replica = options.serverOf(client);
  let broken = replica.ejected !== null;
  try {
    return broken ? 'failed' : await readOn(client, options, replica, scope, statement, patience);
  } catch (error) {
    const code = faultCode(error);
    broken = isConnectionLost(code);
    if (!broken && !isReplicaBehind(code)) throw error;
    if (broken) replicas.failed(replica);
    return 'failed';
  } finally {
    client.release(broken || client.getTransactionStatus() !== 'I');
  }
};

/** Asks one replica after the other, each once. */
const askAll = async (options: ReplicaReadOptions, scope: Scope, statement: ReadStatement, patience: Patience) => {
  let best: 'behind' | 'failed' = 'failed';
  for (const pool of options.replicas.inOrder(scope.versions.asked)) {
    const answer = await ask(options, pool, scope, statement, patience);
    if (typeof answer === 'object') return answer;
    if (answer === 'behind') best = answer;
  }
  return best;
};

const askPrimary = async ({ primary, manner }: ReplicaReadOptions, scope: Scope, statement: ReadStatement) => {
  const client = (await primary.connect()) as WireClient;
  let lost = false;
  try {
    return await readOnPrimary(client, scope, statement, manner);
  } catch (error) {
    lost = isConnectionLost(faultCode(error));
    throw error;
  } finally {
    client.release(lost || client.getTransactionStatus() !== 'I');
  }
};

/**
 * Reads that never see less than their scope asks for: on a replica that has replayed so far, else on the primary, else,
 * while that is gone, on a replica once it has caught up. Throws REPLICA_BEHIND when it does not in time, unless the scope
 * accepts an older answer.
 */
export const replicaReads = (options: ReplicaReadOptions): ScopedPool => {
  const read = async (scope: Scope, statement: ReadStatement) => {
    const onReplica = (patience: Patience) => askAll(options, scope, statement, patience);
    const { acceptsOlder } = scope.versions;
    const soon = await onReplica({ waitMs: options.waitMs, takesOlder: false });
    if (typeof soon === 'object') return { ...soon, target: 'replica' as const };
    try {
      return { result: await askPrimary(options, scope, statement), target: 'primary' as const };
    } catch (failure) {
      const error = await settledFault(failure, scope.deadline);
      const isVouchedFor = options.replicas.vouches(scope.versions.asked);
      // The primary has been replaced, by one that is known here already.
      if (isInvalidToken(error) && isVouchedFor) throw behind(error);
      // What may be made up is not waited for.
      const isWorthWaiting = isUnsureOfToken(error) ? isVouchedFor || acceptsOlder : isConnectionLost(faultCode(error));
      if (!isWorthWaiting) throw error;
      const late = await onReplica({ waitMs: acceptsOlder ? 0 : options.behindMs, takesOlder: acceptsOlder });
      if (typeof late === 'object') return { ...late, target: 'replica' as const };
      throw late === 'behind' ? behind(error) : error;
    }
  };
  return {
    options: options.primary.options,
    end: async () => {},
    connect: async () => {
      const scope = currentScope();
      return {
        processID: undefined,
        release: () => {},
        query(sql, values = []) {
          if (typeof sql !== 'string') throw new Error('streaming queries are not scoped to a tenant');
          return timed(options.onStatement, scope, sql, () => read(scope, [sql, values]));
        },
      };
    },
  };
};
