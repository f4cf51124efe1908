import { AppError } from '../../kernel/app-error.ts';
import type { Log } from './logs.ts';
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
}

/** What the other parts emit; each may be replaced by a no-op. */
export interface Listeners {
  onFinished(request: FinishedRequest): void;
  onFault(error: unknown, requestId: string): void;
  onStatement(text: string, milliseconds: number, target: 'primary' | 'replica'): void;
  onConnectionFault(error: Error): void;
  /** A replica is not read from any more, or again. */
  onReplica(replica: { server: string; lagMs: number | null }, ejected: 'failing' | 'lagging' | null): void;
  /** The primary stopped answering its checks, or answers again. */
  onPrimary(gone: boolean): void;
  /** Redis stopped answering, with the reason, or answers again. */
  onRedis(reason: string | null): void;
  onJobFault(job: string, error: unknown): void;
  /** An event that a consumer is not told of any more, after its last failure. */
  onEventSetAside(consumer: string, eventId: string): void;
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
};

const HEALTH = /^\/(livez|readyz)$/;
const MAX_PATH = 200;

/** Segments with an @ are addresses of someone. */
const publicPath = (path: string) => path.replaceAll(/[^/]*(@|%40)[^/]*/gi, '…').slice(0, MAX_PATH);

const isPassing = (error: unknown) => error instanceof AppError && error.kind !== 'internal';

/** Writes what happens to the log: requests at info, health checks at debug, slow ones and passing faults as warnings. */
export const logListeners = (log: Log, thresholds: { slowRequestMs: number; slowQueryMs: number }): Listeners => ({
  onFinished(request) {
    const { requestId, method, status, aborted, stream, milliseconds, statements, databaseMilliseconds } = request;
    const path = publicPath(request.path);
    const fields = { requestId, method, path, status, milliseconds, statements, databaseMilliseconds };
    const refused = status >= 400 && status < 500;
    if (milliseconds >= thresholds.slowRequestMs && !refused && !stream) log.warn('slow request', fields);
    else if (HEALTH.test(path)) log.debug('request', fields);
    else log.info('request', aborted ? { ...fields, aborted } : fields);
  },
  onFault(error, requestId) {
    log[isPassing(error) ? 'warn' : 'error']('request failed', { requestId, error });
  },
  onStatement(text, milliseconds, target) {
    if (milliseconds < thresholds.slowQueryMs) return;
    log.warn('slow statement', { milliseconds, target, sql: maskSql(text) });
  },
  onConnectionFault(error) {
    log.warn('database connection lost', { error });
  },
  onReplica({ server, lagMs }, ejected) {
    if (ejected) log.warn('replica not in use', { server, reason: ejected, lagMs });
    else log.info('replica in use again', { server });
  },
  onPrimary(gone) {
    if (gone) log.error('primary does not answer', {});
    else log.info('primary answers again', {});
  },
  onRedis(reason) {
    if (reason === null) log.info('Redis answers again', {});
    else log.warn('Redis does not answer', { reason });
  },
  onJobFault(task, error) {
    log[isPassing(error) ? 'warn' : 'error']('background work failed', { task, error });
  },
  onEventSetAside(consumer, eventId) {
    log.error('event set aside', { consumer, eventId });
  },
});
