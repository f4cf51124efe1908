import type { Principal } from '../../kernel/principal.ts';
import type { Scope } from '../../platform/db/scope.ts';
import type { FinishedCall } from '../../platform/telemetry/listeners.ts';
import type { RequestLimits } from '../limits/request-limits.ts';
import type { AnswerCache } from './answer-cache.ts';

/** Everything a procedure may know of its HTTP request; calls batched into one request share it. */
export interface RequestContext {
  requestId: string;
  /** Null when the request carries no credentials. */
  principal: Principal | null;
  /** Why the request's credentials were refused, where they were: procedures that need a principal answer with it. */
  refusal?: unknown;
  scope: Scope;
  /** The client's address, for limits on sign-in attempts. */
  sourceAddress: string;
  /** None where answers are not kept. */
  answers?: AnswerCache | null | undefined;
  /** None for calls that come from inside the process. */
  limits?: RequestLimits | undefined;
  /** Who is told of its calls. */
  watch?: CallWatch | undefined;
  /** What the cache had for the call that runs. */
  found?: { cache: FinishedCall['cache'] } | undefined;
}

export interface CallWatch {
  /** When the request came, by performance.now(). */
  startedAt: number;
  onCall(call: FinishedCall): void;
  /** Told when a call begins; what it answers is called when it ends. */
  onBegin?: ((procedure: string) => () => void) | undefined;
}
