import type { HTTPLinkOptions } from '@trpc/client';
import type { AnyTRPCClientTypes } from '@trpc/server';
import { type Answer, readAnswer } from './answer.ts';
import type { TokenKeeper } from './consistency-token.ts';
import { failure } from './innkeeper-error.ts';
import type { Seams } from './seams.ts';

export type Fetch = typeof globalThis.fetch;
/** `fetch` as far as tRPC's links use it. */
type LinkFetch = NonNullable<HTTPLinkOptions<AnyTRPCClientTypes>['fetch']>;

interface ExchangeOptions {
  fetch: Fetch;
  /** For one request and its whole answer. */
  timeoutMs: number;
  tokens: TokenKeeper;
  startTimer: Seams['startTimer'];
}

/**
 * One HTTP request and its whole answer, as tRPC's links want it from `fetch`. Keeps the answer's consistency token. Throws
 * InnkeeperError CONNECTION_FAILED or REQUEST_TIMEOUT, both retryable, when no whole answer came; ABORTED when the
 * caller gave up.
 */
export const createExchange = ({ fetch, timeoutMs, tokens, startTimer }: ExchangeOptions): LinkFetch => {
  const send = async (...[url, init]: Parameters<LinkFetch>): Promise<Answer> => {
    const given = init?.signal;
    const controller = new AbortController();
    const abort = () => controller.abort(given?.reason);
    if (given?.aborted) abort();
    given?.addEventListener('abort', abort, { once: true });
    let late = false;
    const stopTimer = startTimer(timeoutMs, () => {
      late = true;
      controller.abort();
    });
    try {
      const response = await fetch(url, { ...init, signal: controller.signal });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text };
    } catch (cause) {
      if (late) {
        throw failure('REQUEST_TIMEOUT', `No answer came within ${timeoutMs} ms.`, { retryable: true, cause });
      }
      if (given?.aborted) throw failure('ABORTED', 'The caller gave the call up.', { cause });
      throw failure('CONNECTION_FAILED', 'The connection failed before an answer came.', { retryable: true, cause });
    } finally {
      stopTimer();
      given?.removeEventListener('abort', abort);
    }
  };

  return async (url, init) => {
    const answer = await send(url, init);
    tokens.note(answer.headers.get('x-consistency-token'));
    const body = readAnswer(answer);
    return { ok: answer.status < 400, json: async () => body };
  };
};
