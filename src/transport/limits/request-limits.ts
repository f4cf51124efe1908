import type { ServerResponse } from 'node:http';
import { AppError } from '../../kernel/app-error.ts';
import { assertTimeLeft, timeLeftMs } from '../../platform/db/deadline.ts';
import type { Scope } from '../../platform/db/scope.ts';
import type { LoggedResponse } from '../http/request-log.ts';
import type { Quota } from './rate-limits.ts';
import type { WorkKind, WorkLimits } from './work-limits.ts';

/** What bounds the work of one request. */
export interface RequestLimits {
  /** Why none of its calls is done: its caller has made too many. */
  readonly refusal: AppError | null;
  /**
   * Runs a call within the limit of its kind and the request's deadline. Throws OVERLOADED, DEADLINE_EXCEEDED, or
   * CLIENT_GONE once `signal` has come; `work` has not begun then.
   */
  run<T>(kind: WorkKind, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
  /** Tells in the answer's head when to come again, unless that is sent already. */
  comeAgainIn(seconds: number): void;
}

/** Has the answer's head say where the caller stands; answers why none of its calls is done, if it has made too many. */
const tellQuota = (quota: Quota | null, response: LoggedResponse): AppError | null => {
  if (quota) response.locals.quota = quota;
  return quota?.exceeded ? rateLimited(quota) : null;
};

const comeAgainIn = (seconds: number, response: ServerResponse): void => {
  if (!response.headersSent) response.setHeader('Retry-After', String(seconds));
};

/** As tellQuota for a request that gets no further; throws AppError RATE_LIMITED where that answers one. */
export const assertWithinQuota = (quota: Quota | null, response: LoggedResponse): void => {
  const refusal = tellQuota(quota, response);
  if (!quota || !refusal) return;
  comeAgainIn(quota.resetSeconds, response);
  throw refusal;
};

const rateLimited = ({ resetSeconds }: Quota) =>
  new AppError('too_many', 'RATE_LIMITED', `Too many requests. Try again in ${resetSeconds} seconds.`, {
    retryable: true,
    details: { retryAfterSeconds: resetSeconds },
  });

/** `quota` is where the caller stands, this request included; null for one that is not counted. */
export const createRequestLimits = (
  work: WorkLimits,
  { deadline }: Scope,
  quota: Quota | null,
  response: LoggedResponse,
): RequestLimits => {
  return {
    refusal: tellQuota(quota, response),
    run(kind, signal, call) {
      const begin = () => {
        assertTimeLeft(deadline);
        return call();
      };
      return work[kind].run(begin, { signal, waitMs: timeLeftMs(deadline) });
    },
    comeAgainIn: (seconds) => comeAgainIn(seconds, response),
  };
};
