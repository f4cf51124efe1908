import type { IncomingMessage } from 'node:http';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { parseToken } from '../../kernel/consistency-token.ts';
import type { Principal } from '../../kernel/principal.ts';
import { deadlineIn, timeLeftMs } from '../../platform/db/deadline.ts';
import { newScope } from '../../platform/db/scope.ts';
import type { LoggedResponse } from '../http/request-log.ts';
import { countedCaller } from '../limits/counted-caller.ts';
import { countedCalls } from '../limits/counted-calls.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { type DeadlineSettings, requestTimeoutMs, TIMEOUT_HEADER } from '../limits/request-deadline.ts';
import { createRequestLimits } from '../limits/request-limits.ts';
import type { WorkLimits } from '../limits/work-limits.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { RequestContext } from './context.ts';

export interface ContextOptions {
  identify: (
    authorization: string | undefined,
    token: ConsistencyToken | null,
  ) => Promise<{ principal: Principal | null; refusal?: unknown }>;
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

/** Makes the context of a request from its head: who calls, how new the answers must be, and what bounds the work. */
export const contextFactory =
  ({ identify, work, rates, deadlines, statementTimeoutMs, addressOf, networkOf, answers }: ContextOptions) =>
  async (request: IncomingMessage, response: LoggedResponse): Promise<RequestContext> => {
    const { headers } = request;
    const sent = headers['x-consistency-token'];
    const token = typeof sent === 'string' ? parseToken(sent) : null;
    const acceptsOlder = headers['x-accept-older'] === 'true';
    const deadline = response.locals.stream
      ? null
      : deadlineIn(requestTimeoutMs(headers[timeoutHeader], deadlines), statementTimeoutMs);
    const { authorization } = headers;
    const caller =
      authorization === undefined
        ? { principal: null }
        : await work.lookup
            .run(() => identify(authorization, token), { waitMs: timeLeftMs(deadline) })
            .catch((refusal: unknown) => ({ principal: null, refusal }));
    const sourceAddress = addressOf(request);
    const counted = countedCaller(caller, () => networkOf(sourceAddress));
    const quota = counted && (await rates(counted, countedCalls(request)));
    const scope = newScope(caller.principal?.tenant ?? null, token, { acceptsOlder, deadline });
    response.locals.scope = scope;
    const limits = createRequestLimits(work, scope, quota, response);
    return { requestId: response.locals.requestId, ...caller, scope, sourceAddress, limits, answers };
  };
