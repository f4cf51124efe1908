import { AppError } from '../../kernel/app-error.ts';
import type { Log, LogFields } from './logs.ts';
import { fingerprintOf, type PlanStatement, slowStatements } from './slow-statements.ts';
import { maskSql } from './sql-mask.ts';

/** A request that is over; `path` is without its query string. */
export interface FinishedRequest {
  requestId: string;
  method: string;
  path: string;
  status: number;
  /** True when the client went away before its answer was sent. */
  aborted: boolean;
  /** True for a subscription, whose time says nothing about speed. */
  stream: boolean;
  milliseconds: number;
  statements: number;
  databaseMilliseconds: number;
  /** Of the trace that it is recorded in. */
  traceId?: string | undefined;
}

/** A call of a procedure that is over; a request can hold several. */
export interface FinishedCall {
  procedure: string;
  kind: 'query' | 'mutation' | 'report';
  /** `OK`, or the code of the error. */
  code: string;
  /** True for faults of ours; what was refused was answered. */
  failed: boolean;
  /** What the cache had for it; `none` where it was not asked. */
  cache: 'hit' | 'stale' | 'miss' | 'none';
  milliseconds: number;
  /** Of the trace that it is recorded in. */
  traceId?: string | undefined;
}

export type PoolName = 'primary' | 'replica' | 'jobs';

/** What the other parts emit; each may be replaced by a no-op. */
export interface Listeners {
  onFinished(request: FinishedRequest): void;
  onFault(error: unknown, requestId: string, traceId?: string): void;
  onStatement(text: string, milliseconds: number, target: 'primary' | 'replica', traceId?: string): void;
  onConnectionFault(error: Error): void;
  /** A replica is not read from any more, or again. */
  onReplica(replica: { server: string; lagMs: number | null }, ejected: 'failing' | 'lagging' | 'leading' | null): void;
  /** The primary stopped answering its checks, or answers again. */
  onPrimary(gone: boolean): void;
  /** Redis stopped answering, with the reason, or answers again. */
  onRedis(reason: string | null): void;
  onJobFault(job: string, error: unknown): void;
  /** An event that a consumer is not told of any more, after its last failure. */
  onEventSetAside(consumer: string, eventId: string): void;
  onCall(call: FinishedCall): void;
  /** Somebody got a connection of the pool, after so long. */
  onAcquired(pool: PoolName, milliseconds: number): void;
  /** A call was turned away, since too many of its kind ran and waited. */
  onShed(kind: string): void;
  /** A caller of this kind was beyond its rate limit. */
  onLimited(caller: string): void;
  /** A command was answered from its idempotency key. */
  onReplayed(): void;
  /** So many bookings shared a transaction, which took so long. */
  onBatch(size: number, milliseconds: number): void;
  /** An event of this type was handed to those who are told of events. */
  onTold(type: string): void;
  /** A run of a background task is over. */
  onJob(job: string, milliseconds: number, ok: boolean): void;
  /** An attempt to deliver a webhook is over. */
  onDelivery(outcome: 'delivered' | 'failed', milliseconds: number): void;
  /** Somebody did something to this process: a principal, by its id, or whoever reaches the admin port. */
  onOperation(operation: string, by: string): void;
  /** So many spans were lost: too many waited, or the collector did not take them. */
  onSpansDropped(count: number): void;
  /** A batch of spans could not be sent. */
  onExportFailed(): void;
}

export const silentListeners: Listeners = {
  onFinished: () => {},
  onFault: () => {},
  onStatement: () => {},
  onConnectionFault: () => {},
  onReplica: () => {},
  onPrimary: () => {},
  onRedis: () => {},
  onJobFault: () => {},
  onEventSetAside: () => {},
  onCall: () => {},
  onAcquired: () => {},
  onShed: () => {},
  onLimited: () => {},
  onReplayed: () => {},
  onBatch: () => {},
  onTold: () => {},
  onJob: () => {},
  onDelivery: () => {},
  onSpansDropped: () => {},
  onExportFailed: () => {},
  onOperation: () => {},
};

const HEALTH = /^\/(livez|readyz)$/;
const MAX_PATH = 200;

const isAddress = (segment: string): boolean => segment.includes('@') || segment.includes('%40');

/** Segments with an @ are addresses of someone. */
const publicPath = (path: string): string => {
  const shown = isAddress(path)
    ? path
        .split('/')
        .map((segment) => (isAddress(segment) ? '…' : segment))
        .join('/')
    : path;
  return shown.length > MAX_PATH ? shown.slice(0, MAX_PATH) : shown;
};

export interface LogOptions {
  slowRequestMs: number;
  slowQueryMs: number;
  /** How a slow statement would be run. */
  plan?: PlanStatement;
}

const traceField = (traceId: string | undefined): LogFields | undefined => (traceId ? { traceId } : undefined);

const isPassing = (error: unknown) => error instanceof AppError && error.kind !== 'internal';

/**
 * Writes what happens to the log, each under its module: requests at info, health checks at debug, slow ones and passing faults as
 * warnings, each statement and each run of a task at trace.
 */
export const logListeners = (
  log: Log,
  { slowRequestMs, slowQueryMs, plan = async () => null }: LogOptions,
): Listeners => {
  const [requests, statements, database] = [log.of('requests'), log.of('statements'), log.of('database')];
  const [replicas, cache, jobs] = [log.of('replicas'), log.of('cache'), log.of('jobs')];
  const [events, webhooks, operations] = [log.of('events'), log.of('webhooks'), log.of('operations')];
  const writeSlow = slowStatements(statements, plan, () => performance.now());
  return {
    ...silentListeners,
    onFinished(request) {
      const { requestId, method, status, aborted, stream, milliseconds, statements, databaseMilliseconds } = request;
      const path = publicPath(request.path);
      const traced = traceField(request.traceId);
      const fields = { requestId, method, path, status, milliseconds, statements, databaseMilliseconds, ...traced };
      const refused = status >= 400 && status < 500;
      if (milliseconds >= slowRequestMs && !refused && !stream) requests.warn('slow request', fields);
      else if (HEALTH.test(path)) requests.debug('request', fields);
      else requests.info('request', aborted ? { ...fields, aborted } : fields);
    },
    onFault(error, requestId, traceId) {
      requests[isPassing(error) ? 'warn' : 'error']('request failed', { requestId, error, ...traceField(traceId) });
    },
    onStatement(text, milliseconds, target, traceId) {
      if (milliseconds >= slowQueryMs) writeSlow(text, milliseconds, target, traceId);
      else if (statements.traces) {
        const sql = maskSql(text);
        statements.trace('statement', { fingerprint: fingerprintOf(sql), milliseconds, target, sql });
      }
    },
    onConnectionFault(error) {
      database.warn('database connection lost', { error });
    },
    onReplica({ server, lagMs }, ejected) {
      if (ejected) replicas.warn('replica not in use', { server, reason: ejected, lagMs });
      else replicas.info('replica in use again', { server });
    },
    onPrimary(gone) {
      if (gone) database.error('primary does not answer', {});
      else database.info('primary answers again', {});
    },
    onRedis(reason) {
      if (reason === null) cache.info('Redis answers again', {});
      else cache.warn('Redis does not answer', { reason });
    },
    onJobFault(task, error) {
      jobs[isPassing(error) ? 'warn' : 'error']('background work failed', { task, error });
    },
    onEventSetAside(consumer, eventId) {
      events.error('event set aside', { consumer, eventId });
    },
    onTold(type) {
      events.debug('event told', { reason: type });
    },
    onJob(task, milliseconds, ok) {
      jobs.trace(ok ? 'task done' : 'task failed', { task, milliseconds });
    },
    onDelivery(outcome, milliseconds) {
      webhooks.debug(`webhook ${outcome}`, { milliseconds });
    },
    onOperation(operation, by) {
      operations.warn('operation', { operation, by });
    },
  };
};
