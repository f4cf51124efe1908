import { readAnswer } from './answer.ts';
import type { ErrorShape } from './error-shape.ts';
import { createEventStreamParser, type ServerSentEvent } from './event-stream-parser.ts';
import type { Fetch } from './exchange.ts';
import { failure, InnkeeperError } from './innkeeper-error.ts';
import type { Seams } from './seams.ts';

export interface StreamExchangeOptions {
  fetch: Fetch;
  /** Until the answer begins. */
  timeoutMs: number;
  startTimer: Seams['startTimer'];
}

export interface StreamListener {
  onOpen(): void;
  onData(id: string, data: unknown): void;
  /** Something other came; `id` is the one to go on from, where there is one. */
  onLife(id: string | undefined): void;
}

/** How long nothing may come, until the server says how often something does. */
const SILENCE_MS = 60_000;

const lost = (cause?: unknown) => failure('CONNECTION_FAILED', 'The connection was lost.', { retryable: true, cause });

const shapeIn = (body: unknown): ErrorShape | undefined => {
  const told = Array.isArray(body) ? body[0] : body;
  return typeof told === 'object' && told !== null ? (Reflect.get(told, 'error') as ErrorShape | undefined) : undefined;
};

const refusal = (shape: ErrorShape) => new InnkeeperError(shape.data, { status: shape.data.httpStatus, shape });

/** What stands in place of a stream. */
const refuse = async (response: Response): Promise<never> => {
  const text = await response.text();
  const shape = shapeIn(readAnswer({ status: response.status, headers: response.headers, text }));
  if (shape) throw refusal(shape);
  throw failure('UNEXPECTED_ANSWER', 'The answer is no stream of events.', { status: response.status });
};

/**
 * Reads one stream of a subscription to its end; resolves when the server says that it is complete. Throws InnkeeperError:
 * the server's own, CONNECTION_FAILED or REQUEST_TIMEOUT, or ABORTED when the signal comes.
 */
export const createStreamExchange =
  ({ fetch, timeoutMs, startTimer }: StreamExchangeOptions) =>
  async (
    url: string,
    headers: Record<string, string>,
    signal: AbortSignal,
    listener: StreamListener,
  ): Promise<void> => {
    const controller = new AbortController();
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    let silent = false;
    let silenceMs = SILENCE_MS;
    let stopTimer = () => {};
    const within = (ms: number) => {
      stopTimer();
      stopTimer = startTimer(ms, () => {
        silent = true;
        controller.abort();
      });
    };

    const handle = (events: ServerSentEvent[]): boolean => {
      for (const { name, data, id } of events) {
        if (name === 'return') return true;
        if (name === 'serialized-error') throw refusal(JSON.parse(data) as ErrorShape);
        if (name === 'connected') {
          const { reconnectAfterInactivityMs } = JSON.parse(data) as { reconnectAfterInactivityMs?: number };
          silenceMs = reconnectAfterInactivityMs ?? SILENCE_MS;
          listener.onOpen();
        }
        if (name === 'message' && id !== undefined) listener.onData(id, JSON.parse(data));
        else listener.onLife(id);
      }
      return false;
    };

    try {
      within(timeoutMs);
      const response = await fetch(url, {
        headers: { ...headers, accept: 'text/event-stream' },
        cache: 'no-store',
        signal: controller.signal,
      });
      if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
        return await refuse(response);
      }
      const parser = createEventStreamParser();
      const text = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        within(silenceMs);
        const { done, value } = await reader.read();
        if (done) throw lost();
        if (handle(parser.read(text.decode(value, { stream: true })))) return;
      }
    } catch (cause) {
      if (signal.aborted) throw failure('ABORTED', 'The caller gave the subscription up.', { cause });
      if (silent) throw failure('REQUEST_TIMEOUT', 'Nothing came for too long.', { retryable: true, cause });
      throw cause instanceof InnkeeperError ? cause : lost(cause);
    } finally {
      stopTimer();
      controller.abort();
      signal.removeEventListener('abort', abort);
    }
  };
