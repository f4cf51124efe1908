import type { Clock } from '../../kernel/clock.ts';
import type { Tracer } from '../../kernel/tracing.ts';
import { type Outbound, OutboundError } from '../../platform/outbound/index.ts';
import type { DueDelivery, ServedEndpoint } from './deliveries-due.ts';
import type { Outcome } from './outcomes.ts';
import { pauseAfter } from './retry-schedule.ts';
import { type SecretBox, signedHeaders } from './signing.ts';

export interface AttemptOptions {
  clock: Clock;
  outbound: Outbound;
  secrets: SecretBox;
  random: () => number;
  /** Between tries, in milliseconds. */
  pausesMs: readonly number[];
  /** Told of what kept a message from being sent, where that is ours. */
  onFault(error: unknown): void;
  /** Told how each attempt ended. */
  onDelivery?(outcome: 'delivered' | 'failed', milliseconds: number): void;
  /** Records deliveries of what was recorded itself. */
  tracer: Tracer;
}

/** The receiver says that the endpoint is no more. */
const GONE = 410;

/** The body of a message: the event as `events.list` shows it, its payload as `data`. */
const messageOf = (event: Omit<DueDelivery, 'id' | 'tries' | 'traceParent'>): string =>
  JSON.stringify({
    id: event.eventId,
    type: event.type,
    version: event.version,
    timestamp: event.at,
    bookingId: event.bookingId,
    bookingSeq: event.bookingSeq,
    data: event.payload,
  });

/** Sends one signed message; what came of it, whatever that was. */
export const send = async (
  { clock, outbound, secrets, onFault }: Pick<AttemptOptions, 'clock' | 'outbound' | 'secrets' | 'onFault'>,
  endpoint: ServedEndpoint,
  messageId: string,
  body: string,
  signal?: AbortSignal,
): Promise<{ attempt: Outcome['attempt']; retryAfterMs: number | null }> => {
  const sentAtMs = clock.nowMs();
  const startedAt = performance.now();
  const attempt = (result: Pick<Outcome['attempt'], 'status' | 'error' | 'answer'>) => ({
    at: new Date(sentAtMs).toISOString(),
    milliseconds: Math.round(performance.now() - startedAt),
    ...result,
  });
  try {
    const sealed = [endpoint.secret, ...(endpoint.previousSecret ? [endpoint.previousSecret] : [])];
    const headers = signedHeaders(messageId, sentAtMs, body, sealed.map(secrets.open));
    const answer = await outbound.post(endpoint.url, { headers, body, ...(signal ? { signal } : {}) });
    const { status, retryAfterMs } = answer;
    return { attempt: attempt({ status, error: null, answer: answer.body }), retryAfterMs };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof OutboundError)) onFault(error);
    const fault = error instanceof OutboundError ? error.fault : 'NOT_SENT';
    return { attempt: attempt({ status: null, error: fault, answer: '' }), retryAfterMs: null };
  }
};

const sendTraced = async (
  options: AttemptOptions,
  endpoint: ServedEndpoint,
  delivery: DueDelivery,
  signal: AbortSignal,
): ReturnType<typeof send> => {
  const sending = () => send(options, endpoint, delivery.eventId, messageOf(delivery), signal);
  const { id, type, tries, traceParent } = delivery;
  const facts = { 'innkeeper.event.type': type, 'innkeeper.delivery.id': id, 'innkeeper.delivery.tries': tries };
  const trace = options.tracer.goOn({ name: 'deliver webhook', kind: 'internal', facts }, traceParent);
  if (!trace) return sending();
  let failure: string | null = 'aborted';
  try {
    const sent = await trace.run(sending);
    const { status, error } = sent.attempt;
    failure = error ?? (status !== null && status >= 200 && status < 300 ? null : String(status));
    return sent;
  } finally {
    trace.end(failure === null ? undefined : { type: failure });
  }
};

/** Delivers one event and decides what follows. Throws when `signal` calls it off: then nothing is known of it. */
export const attemptDelivery = async (
  options: AttemptOptions,
  endpoint: ServedEndpoint,
  delivery: DueDelivery,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { attempt, retryAfterMs } = await sendTraced(options, endpoint, delivery, signal);
  const { status } = attempt;
  const nowMs = options.clock.nowMs();
  const delivered = status !== null && status >= 200 && status < 300;
  options.onDelivery?.(delivered ? 'delivered' : 'failed', attempt.milliseconds);
  const pause =
    status === GONE ? null : pauseAfter(options.pausesMs, delivery.tries + 1, options.random(), retryAfterMs);
  const state = delivered ? 'delivered' : pause === null ? 'dead' : 'pending';
  const nextTryAt = new Date(nowMs + (pause ?? 0)).toISOString();
  const { id: deliveryId, bookingId, tries } = delivery;
  return { deliveryId, bookingId, tries, state, nextTryAt, attempt };
};

/**
 * Whether outcomes say that their endpoint is to be switched off: it is gone, or one was given up while nothing has reached it
 * for `giveUpMs`.
 */
export const reasonToDisable = (
  outcomes: readonly Outcome[],
  failingSince: string | null,
  nowMs: number,
  giveUpMs: number,
): string | null => {
  if (outcomes.some(({ attempt }) => attempt.status === GONE)) return 'The receiver answered 410 Gone.';
  if (failingSince === null || nowMs - Date.parse(failingSince) < giveUpMs) return null;
  return outcomes.some(({ state }) => state === 'dead') ? `Nothing has reached it since ${failingSince}.` : null;
};
