import type { IncomingMessage } from 'node:http';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { parseToken } from '../../kernel/consistency-token.ts';
import type { Principal } from '../../kernel/principal.ts';
import { type Deadline, deadlineIn, timeLeftMs } from '../../platform/db/deadline.ts';
import { newScope } from '../../platform/db/scope.ts';
import type { LoggedResponse } from '../http/request-log.ts';
import { type Caller, countedCaller } from '../limits/counted-caller.ts';
import { countedCalls } from '../limits/counted-calls.ts';
import type { CallerKind, Counted, Quota, RateLimits } from '../limits/rate-limits.ts';
import { type DeadlineSettings, requestTimeoutMs, TIMEOUT_HEADER } from '../limits/request-deadline.ts';
import { assertWithinQuota, createRequestLimits } from '../limits/request-limits.ts';
import type { WorkLimits } from '../limits/work-limits.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { CallWatch, RequestContext } from './context.ts';

export interface ContextOptions {
  identify: (
    authorization: string | undefined,
    token: ConsistencyToken | null,
  ) => Promise<{ principal: Principal | null; refusal?: unknown }>;
  /** Whom the process knows already, without asking the database, else whether the credentials may be made up. */
  identifyKept: (authorization: string) => { principal: Principal | null; isStranger: boolean };
  work: WorkLimits;
  rates: RateLimits;
  deadlines: DeadlineSettings;
  /** How long the database lets a statement take anyway. */
  statementTimeoutMs: number;
  addressOf: (request: IncomingMessage) => string;
  /** What an address is counted under. */
  networkOf: (address: string) => string;
  answers: AnswerCache | null;
  onCall: CallWatch['onCall'];
  onBegin?: CallWatch['onBegin'];
  /** Told of each request of a caller who has made too many. */
  onLimited: (caller: CallerKind) => void;
}

const timeoutHeader = TIMEOUT_HEADER.toLowerCase();

/** What a request's head says of the answer. */
interface Wishes {
  token: ConsistencyToken | null;
  deadline: Deadline | null;
  acceptsOlder: boolean;
}

/** A caller, and where it stands with this request. */
interface CountedCaller {
  caller: Caller;
  quota: Quota | null;
}

/**
 * Makes the context of a request from its head: who calls, how new the answers must be, and what bounds the work. At once where
 * nobody has to be asked; what it refuses rejects.
 */
export const contextFactory = (options: ContextOptions) => {
  const { identify, identifyKept, work, rates, deadlines, statementTimeoutMs, addressOf, networkOf, answers } = options;
  const { onCall, onBegin, onLimited } = options;

  /** What the head says of the answer; throws AppError INVALID_TOKEN and INVALID_INPUT. */
  const wishesOf = ({ headers }: IncomingMessage, response: LoggedResponse): Wishes => {
    const sent = headers['x-consistency-token'];
    const token = typeof sent === 'string' ? parseToken(sent) : null;
    const deadline = response.locals.stream
      ? null
      : deadlineIn(requestTimeoutMs(headers[timeoutHeader], deadlines), statementTimeoutMs);
    return { token, deadline, acceptsOlder: headers['x-accept-older'] === 'true' };
  };

  return (request: IncomingMessage, response: LoggedResponse): RequestContext | Promise<RequestContext> => {
    const { authorization } = request.headers;
    const sourceAddress = addressOf(request);
    const network = () => networkOf(sourceAddress);
    const anonymous = (): Counted => ({ kind: 'anonymous', key: network() });
    const calls = countedCalls(request);
    const count = (caller: Caller): CountedCaller | Promise<CountedCaller> => {
      const counted = countedCaller(caller, network);
      const quota = counted && rates(counted, calls);
      return quota instanceof Promise ? quota.then((counted) => ({ caller, quota: counted })) : { caller, quota };
    };

    /** Strangers are looked up as long as their address has calls left for callers without credentials, which they are then. */
    const isRefused = (isStranger: boolean): boolean | Promise<boolean> =>
      isStranger && rates.wouldExceed(anonymous(), calls);

    const lookUp = async (credentials: string, isStranger: boolean, wishes: Wishes): Promise<CountedCaller> => {
      if (await isRefused(isStranger)) return count({ principal: null });
      const inTurn = async () =>
        // Those before it in the queue may have been strangers from the same address, and have been counted by now.
        count((await isRefused(isStranger)) ? { principal: null } : await identify(credentials, wishes.token));
      return work.lookup
        .run(inTurn, { waitMs: timeLeftMs(wishes.deadline) })
        .catch((refusal: unknown) => count({ principal: null, refusal }));
    };

    /** At once for whom the process knows, unless the call is counted in Redis. */
    const find = (wishes: Wishes): CountedCaller | Promise<CountedCaller> => {
      if (authorization === undefined) return count({ principal: null });
      const { principal, isStranger } = identifyKept(authorization);
      return principal ? count({ principal }) : lookUp(authorization, isStranger, wishes);
    };

    const contextOf = ({ caller, quota }: CountedCaller, { token, deadline, acceptsOlder }: Wishes): RequestContext => {
      // A subscription asks again and again, for as long as it is open.
      const trace = response.locals.stream ? null : (response.locals.trace ?? null);
      const scope = newScope(caller.principal?.tenant ?? null, token, { acceptsOlder, deadline, trace });
      response.locals.scope = scope;
      if (quota?.exceeded) onLimited(quota.kind);
      const limits = createRequestLimits(work, scope, quota, response);
      const { principal, refusal } = caller;
      const { requestId, startedAt } = response.locals;
      const watch = { startedAt, onCall, onBegin };
      return { requestId, principal, refusal, scope, sourceAddress, limits, answers, watch };
    };

    const refuse = async (error: unknown): Promise<never> => {
      assertWithinQuota(await rates(anonymous(), calls), response);
      throw error;
    };

    let wishes: Wishes;
    try {
      wishes = wishesOf(request, response);
    } catch (error) {
      return refuse(error);
    }
    const found = find(wishes);
    return found instanceof Promise ? found.then((caller) => contextOf(caller, wishes)) : contextOf(found, wishes);
  };
};
