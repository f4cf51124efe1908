import { createClient, type InnkeeperClientOptions } from '../../../src/client/create-client.ts';
import type { Seams } from '../../../src/client/seams.ts';

export interface SentCall {
  path: string;
  input: Record<string, unknown>;
}

export interface SentRequest {
  url: URL;
  method: string;
  headers: Headers;
  calls: SentCall[];
  signal: AbortSignal;
}

export interface Refusal {
  code: string;
  status?: number;
  retryable?: boolean;
  fields?: { path: string; message: string }[];
  details?: Record<string, unknown>;
}

/** What the far side says to one call. */
export type Reply = { data: unknown } | { refusal: Refusal };

export const done = (data: unknown = null): Reply => ({ data });
export const refused = (code: string, more: Omit<Refusal, 'code'> = {}): Reply => ({ refusal: { code, ...more } });
export const lost = new TypeError('fetch failed');

const readCalls = (url: URL, body: string): SentCall[] => {
  const paths = (url.pathname.split('/').at(-1) ?? '').split(',');
  const sent = body ? JSON.parse(body) : undefined;
  return paths.map((path, index) => ({ path, input: url.searchParams.has('batch') ? sent[index] : sent }));
};

const speak = (reply: Reply) => {
  if ('data' in reply) return { result: { data: reply.data } };
  const { code, status = 503, retryable = false, ...more } = reply.refusal;
  const message = `Refused with ${code}.`;
  const data = { code, message, retryable, ...more, httpStatus: status, requestId: 'request-1' };
  return { error: { message, code: -32_603, data } };
};

/** An answer as the server's tRPC endpoint gives it: in step with the request's calls. */
export const answer = (request: SentRequest, replies: Reply[], token?: string): Response => {
  const spoken = replies.map(speak);
  return Response.json(request.url.searchParams.has('batch') ? spoken : spoken[0], {
    headers: token ? { 'X-Consistency-Token': token } : {},
  });
};

/** Answers one request; what it throws is a connection that failed. */
export type FarSide = (request: SentRequest) => Response | Promise<Response>;

/** Asks `reply` about each call by itself. */
export const callByCall =
  (reply: (call: SentCall) => Reply): FarSide =>
  (request) =>
    answer(request, request.calls.map(reply));

/** Answers the first request as the first, and so on; the last one stands for all after it. */
export const inTurn = (...sides: (Reply | Error | FarSide)[]): FarSide => {
  let turn = 0;
  return (request) => {
    const side = sides[Math.min(turn++, sides.length - 1)];
    if (!side || side instanceof Error) throw side;
    if (typeof side === 'function') return side(request);
    return answer(
      request,
      request.calls.map(() => side),
    );
  };
};

/** Before a retry; what is longer watches over silence. */
const LONGEST_WAIT_MS = 40_000;

interface Timer {
  ms: number;
  task: () => void;
}

/** A client whose network, timers, lots and keys are the test's. Waits before retries pass at once; deadlines only on `lapse`. */
export const clientAtEdge = (
  farSide: FarSide,
  { lot = 0.5, ...options }: Partial<InnkeeperClientOptions> & { lot?: number } = {},
) => {
  const timeoutMs = options.timeoutMs ?? 77_777;
  const requests: SentRequest[] = [];
  const delays: number[] = [];
  const deadlines = new Set<Timer>();
  const held: Timer[] = [];
  let hold = false;
  let keys = 0;
  const seams: Seams = {
    random: () => lot,
    newKey: () => `made-key-${++keys}`,
    startTimer(ms, task) {
      const timer = { ms, task };
      if (ms === timeoutMs || ms > LONGEST_WAIT_MS) {
        deadlines.add(timer);
        return () => deadlines.delete(timer);
      }
      delays.push(ms);
      if (hold) held.push(timer);
      else queueMicrotask(task);
      return () => void held.splice(held.indexOf(timer), 1);
    },
  };
  const fetch: typeof globalThis.fetch = async (target, init) => {
    const url = new URL(String(target));
    const signal = init?.signal;
    if (!signal) throw new Error('a request without a signal');
    const request: SentRequest = {
      url,
      method: init.method ?? 'GET',
      headers: new Headers(init.headers),
      calls: readCalls(url, String(init.body ?? '')),
      signal,
    };
    requests.push(request);
    return farSide(request);
  };
  return {
    client: createClient({ url: 'http://edge.test', fetch, ...options, timeoutMs }, seams),
    requests,
    /** The waits before retries, in milliseconds. */
    delays,
    /** Deadlines of requests that run. */
    deadlines,
    lapse: () => {
      for (const { task } of deadlines) task();
    },
    /** From now on waits do not pass. */
    holdDelays: () => {
      hold = true;
      return held;
    },
  };
};

/** Never answers, and fails as `fetch` does when its signal says so. */
export const silent: FarSide = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
