import type { IncomingMessage } from 'node:http';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { parseToken } from '../../kernel/consistency-token.ts';
import type { Principal } from '../../kernel/principal.ts';
import { type Deadline, deadlineIn, timeLeftMs } from '../../platform/db/deadline.ts';
import { newScope } from '../../platform/db/scope.ts';
import type { LoggedResponse } from '../http/request-log.ts';
import { type Caller, countedCaller } from '../limits/counted-caller.ts';
import { countedCalls } from '../limits/counted-calls.ts';
import type { Counted, Quota, RateLimits } from '../limits/rate-limits.ts';
import { type DeadlineSettings, requestTimeoutMs, TIMEOUT_HEADER } from '../limits/request-deadline.ts';
import { assertWithinQuota, createRequestLimits } from '../limits/request-limits.ts';
import type { WorkLimits } from '../limits/work-limits.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { RequestContext } from './context.ts';

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
}

const timeoutHeader = TIMEOUT_HEADER.toLowerCase();

/** A caller, and where it stands with this request. */
interface CountedCaller {
  caller: Caller;
  quota: Quota | null;
}

/** Makes the context of a request from its head: who calls, how new the answers must be, and what bounds the work. */
export const contextFactory = (options: ContextOptions) => {
  const { identify, identifyKept, work, rates, deadlines, statementTimeoutMs, addressOf, networkOf, answers } = options;

  /** What the head says of the answer; throws AppError INVALID_TOKEN and INVALID_INPUT. */
  const wishesOf = ({ headers }: IncomingMessage, response: LoggedResponse) => {
    const sent = headers['x-consistency-token'];
    const token = typeof sent === 'string' ? parseToken(sent) : null;
    const deadline = response.locals.stream
      ? null
      : deadlineIn(requestTimeoutMs(headers[timeoutHeader], deadlines), statementTimeoutMs);
    return { token, deadline, acceptsOlder: headers['x-accept-older'] === 'true' };
  };

  return async (request: IncomingMessage, response: LoggedResponse): Promise<RequestContext> => {
    const { authorization } = request.headers;
    const sourceAddress = addressOf(request);
    const network = () => networkOf(sourceAddress);
    const anonymous = (): Counted => ({ kind: 'anonymous', key: network() });
    const calls = countedCalls(request);
    const count = async (caller: Caller): Promise<CountedCaller> => {
      const counted = countedCaller(caller, network);
      return { caller, quota: counted && (await rates(counted, calls)) };
    };

    /** Strangers are looked up as long as their address has calls left for callers without credentials, which they are then. */
    const isRefused = (isStranger: boolean): Promise<boolean> | false =>
      isStranger && rates.wouldExceed(anonymous(), calls);

    const find = async (
      credentials: string,
      { token, deadline }: { token: ConsistencyToken | null; deadline: Deadline | null },
    ): Promise<CountedCaller> => {
      const kept = identifyKept(credentials);
      const { isStranger } = kept;
      if (kept.principal || (await isRefused(isStranger))) return count({ principal: kept.principal });
      const inTurn = async () =>
        // Those before it in the queue may have been strangers from the same address, and have been counted by now.
        count((await isRefused(isStranger)) ? { principal: null } : await identify(credentials, token));
      return work.lookup
        .run(inTurn, { waitMs: timeLeftMs(deadline) })
        .catch((refusal: unknown) => count({ principal: null, refusal }));
    };

    let wishes: ReturnType<typeof wishesOf>;
    try {
      wishes = wishesOf(request, response);
    } catch (error) {
      assertWithinQuota(await rates(anonymous(), calls), response);
      throw error;
    }
    const { token, deadline, acceptsOlder } = wishes;
    const { caller, quota } = await (authorization === undefined
      ? count({ principal: null })
      : find(authorization, { token, deadline }));
    const scope = newScope(caller.principal?.tenant ?? null, token, { acceptsOlder, deadline });
    response.locals.scope = scope;
    const limits = createRequestLimits(work, scope, quota, response);
    return { requestId: response.locals.requestId, ...caller, scope, sourceAddress, limits, answers };
  };
};
