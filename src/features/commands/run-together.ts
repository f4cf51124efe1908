import { AppError } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import { timeLeftMs } from '../../platform/db/deadline.ts';
import { noteCommit } from '../../platform/db/position.ts';
import { newScope, type Scope } from '../../platform/db/scope.ts';
import { type Batch, type KeyedCall, type Outcome, openBatch, type Settled } from './batch.ts';
import type { GuestVault } from './guest-vault.ts';
import { type KeyedRequest, keyedRequest } from './idempotency.ts';
import { leadersOf } from './twins.ts';

export interface BatchDeps {
  database: Database;
  clock: Clock;
  ids: Ids;
  vault: GuestVault;
  onCommitted: (tenant: string) => void;
  onReplayed?: () => void;
  onBatch?: (size: number, milliseconds: number) => void;
}

/** The scope of a batch: it goes on while anybody waits for it. */
const sharedScope = (tenant: string, members: readonly Scope[]): Scope => {
  const deadlines = members.map(({ deadline }) => deadline);
  const deadline = deadlines.reduce(
    (latest, one) => (timeLeftMs(one) > timeLeftMs(latest) ? one : latest),
    deadlines[0] ?? null,
  );
  // One transaction has one place in a trace; each event keeps its own booking's all the same.
  const trace = members.find((member) => member.trace)?.trace ?? null;
  return newScope(tenant, null, { deadline, trace });
};

/** Each member's answer says what the whole batch did: its commit's token, its statements and their time. */
const shareCosts = (batch: Scope, members: readonly Scope[]): void => {
  for (const { versions, statistics } of members) {
    if (batch.versions.seen) noteCommit(versions, batch.versions.seen);
    statistics.count += batch.statistics.count;
    statistics.milliseconds += batch.statistics.milliseconds;
  }
};

/**
 * Runs calls of one tenant as one transaction and answers how each ended, in their order. A call whose time is over goes
 * alone, where it is told so.
 */
export const runTogether = async <Call extends KeyedCall, T>(
  { database, clock, ids, vault, onCommitted, onReplayed, onBatch }: BatchDeps,
  calls: readonly Call[],
  work: (batch: Batch<Call, T>) => Promise<ReadonlyMap<Call, Outcome<T>>>,
): Promise<Outcome<T>[]> => {
  const inTime = calls.filter(({ caller }) => timeLeftMs(caller.scope.deadline) > 0);
  const tenant = inTime[0]?.caller.principal.tenant;
  if (tenant === undefined) return calls.map(() => 'alone');
  const requests = new Map(
    inTime.map((call) => [call, keyedRequest(vault, call.caller, call.procedure, call.input)] as const),
  );
  const leaders = leadersOf(requests);
  const leading = new Map<Call, KeyedRequest>();
  for (const [call, request] of requests) if (leaders.get(call) === call) leading.set(call, request);

  const members = inTime.map(({ caller }) => caller.scope);
  const scope = sharedScope(tenant, members);
  const startedAt = performance.now();
  try {
    const once = async (db: Batch<Call, T>['sql']): Promise<Settled<Call, T>> => {
      const settled: Settled<Call, T> = { outcomes: new Map(), announced: false };
      const batch = openBatch(db, { vault, ids, tenant, nowMs: clock.nowMs(), onReplayed }, leading, settled);
      for (const [call, outcome] of await work(batch)) settled.outcomes.set(call, outcome);
      return settled;
    };
    const { outcomes, announced } = await database.transaction(scope, ({ sql }) => once(sql), { repeatable: true });
    if (announced) onCommitted(tenant);
    return calls.map((call) => {
      const leader = leaders.get(call);
      return (leader && outcomes.get(leader)) ?? 'alone';
    });
  } catch (error) {
    // That the database is away is the same for all; anything else may be of one of them.
    if (!(error instanceof AppError) || error.kind !== 'unavailable') return calls.map(() => 'alone');
    return calls.map(() => ({ refusal: error }));
  } finally {
    onBatch?.(inTime.length, performance.now() - startedAt);
    shareCosts(scope, members);
  }
};
