import { Agent } from 'undici';
import { checkAddress } from './address-check.ts';
import { readAnswerText, retryAfterMs } from './answer.ts';
import { guardedConnector } from './guarded-connector.ts';
import type { Resolve } from './guarded-lookup.ts';
import { exchangeError, OutboundError } from './outbound-error.ts';
import { checkHeaders } from './request-headers.ts';
import { resolverFor } from './resolve.ts';

export { OutboundError, type OutboundFault } from './outbound-error.ts';

export interface OutboundOptions {
  /** Private, loopback, link-local and other non-public addresses may be dialled, and http:// is taken. */
  allowPrivate: boolean;
  /** DNS, TCP and TLS together. */
  connectTimeoutMs: number;
  /** The whole exchange: waiting for a free connection, connecting, and the answer's body. */
  timeoutMs: number;
  /** Of the answer's body that is read; the rest is thrown away and the connection closed. */
  maxAnswerBytes: number;
  connectionsPerOrigin: number;
  /** DNS; the name servers unless given, and the system's where private addresses are allowed. */
  lookup?: Resolve;
}

export interface OutboundAnswer {
  status: number;
  /** The first `maxAnswerBytes` of the body as text, without control characters other than newline and tab. */
  body: string;
  retryAfterMs: number | null;
}

export interface OutboundRequest {
  headers: Record<string, string>;
  body: string;
  signal?: AbortSignal;
}

/** HTTP to addresses that strangers chose. */
export interface Outbound {
  /** The address in its normal form; throws AppError `INVALID_ADDRESS` or `ADDRESS_NOT_ALLOWED`. Resolves no names. */
  checkAddress(url: string): URL;
  /**
   * The answer, whatever its status; redirects are not followed. Rejects with OutboundError when there is none, with
   * TypeError for headers that can't be sent.
   */
  post(url: string, request: OutboundRequest): Promise<OutboundAnswer>;
  /** Takes no more requests; resolves when those that run have ended and every connection is closed. */
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 4_000;
const KEEP_ALIVE_MAX_MS = 30_000;

export const openOutbound = (options: OutboundOptions): Outbound => {
  const { allowPrivate, connectTimeoutMs, timeoutMs, maxAnswerBytes } = options;
  const agent = new Agent({
    connect: guardedConnector(options.lookup ?? resolverFor(allowPrivate), allowPrivate, connectTimeoutMs),
    connections: options.connectionsPerOrigin,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  let closed: Promise<void> | undefined;
  const check = (url: string) => checkAddress(url, allowPrivate);

  const allowed = (url: string) => {
    try {
      return check(url);
    } catch (error) {
      throw new OutboundError('ADDRESS_NOT_ALLOWED', error);
    }
  };

  return {
    checkAddress: check,
    async post(url, { headers, body, signal }) {
      const { origin, pathname, search } = allowed(url);
      checkHeaders(headers);
      const timer = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await agent.request({
          origin,
          path: `${pathname}${search}`,
          method: 'POST',
          headers: { 'accept-encoding': 'identity', ...headers },
          body,
          signal: signal ? AbortSignal.any([signal, timer]) : timer,
        });
        return {
          status: answer.statusCode,
          body: await readAnswerText(answer.body, maxAnswerBytes),
          retryAfterMs: retryAfterMs(answer.headers),
        };
      } catch (error) {
        throw exchangeError(error, timer, signal);
      }
    },
    async close() {
      closed ??= agent.close();
      await closed;
    },
  };
};
