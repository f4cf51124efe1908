import { createTRPCClient, httpBatchLink, httpLink, splitLink, type TRPCClient } from '@trpc/client';
import { callLink } from './call-link.ts';
import { keepTokens } from './consistency-token.ts';
import type { AppRouter } from './contract.ts';
import { createExchange, type Fetch } from './exchange.ts';
import { failure } from './innkeeper-error.ts';
import type { Seams } from './seams.ts';
import { subscriptionLink } from './subscription-link.ts';

export interface InnkeeperClientOptions {
  /** Where the server is: `http://127.0.0.1:3000`. */
  url: string | URL;
  /** For programs. */
  apiKey?: string | undefined;
  /** For signed-in users; a function is asked before every request, so that it can renew the token. */
  accessToken?: string | (() => string | Promise<string>) | undefined;
  /** In place of the global one. */
  fetch?: Fetch | undefined;
  /** For each request and its whole answer, in milliseconds; 15 000 unless given. */
  timeoutMs?: number | undefined;
  /** How often a call that failed is tried again at most; 4 unless given. */
  retries?: number | undefined;
  /** Take an answer older than what this client has seen rather than none, while the server's primary database is gone. */
  acceptOlder?: boolean | undefined;
  /** Calls of one moment that travel in one request; 20 unless given, which is also the most, and 1 sends each alone. */
  batchSize?: number | undefined;
}

/** One typed function a procedure: `client.bookings.hold.mutate({ ... })`. */
export type InnkeeperClient = TRPCClient<AppRouter>;

const MAX_BATCH = 20;
/** Twenty of these stay below the 256 kB that the server takes at once. */
const MAX_BATCHED_BYTES = 12_000;

const isLarge = (input: unknown): boolean =>
  new TextEncoder().encode(JSON.stringify(input) ?? '').length > MAX_BATCHED_BYTES;

const within = (name: string, value: number, least: number, most: number): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not ${value}.`);
};

const authorization = async ({ apiKey, accessToken }: InnkeeperClientOptions): Promise<Record<string, string>> => {
  try {
    const credential = apiKey ?? (typeof accessToken === 'function' ? await accessToken() : accessToken);
    return credential ? { authorization: `Bearer ${credential}` } : {};
  } catch (cause) {
    throw failure('CREDENTIALS_FAILED', 'The accessToken function failed.', { cause });
  }
};

export const createClient = (options: InnkeeperClientOptions, seams: Seams): InnkeeperClient => {
  if (options.apiKey && options.accessToken) throw new TypeError('Give an apiKey or an accessToken, not both.');
  const retries = within('retries', options.retries ?? 4, 0, 100);
  const timeoutMs = within('timeoutMs', options.timeoutMs ?? 15_000, 1, 2 ** 31 - 1);
  const maxItems = within('batchSize', options.batchSize ?? MAX_BATCH, 1, MAX_BATCH);
  const tokens = keepTokens();
  const fetch: Fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
  const { startTimer } = seams;
  const http = {
    url: `${new URL(options.url).href.replace(/\/$/, '')}/trpc`,
    methodOverride: 'POST' as const,
    fetch: createExchange({ fetch, timeoutMs, tokens, startTimer }),
    headers: async () => {
      const credentials = await authorization(options);
      const token = tokens.newest();
      return {
        ...credentials,
        'x-request-timeout-ms': String(timeoutMs),
        ...(token && { 'x-consistency-token': token }),
        ...(options.acceptOlder && { 'x-accept-older': 'true' }),
      };
    },
  };
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: subscriptionLink({
          ...{ url: http.url, headers: http.headers, fetch, timeoutMs, startTimer, seams },
          renewsCredentials: typeof options.accessToken === 'function',
        }),
        false: [
          callLink(retries, seams),
          splitLink({
            condition: ({ input }) => isLarge(input),
            true: httpLink(http),
            false: httpBatchLink({ ...http, maxItems }),
          }),
        ],
      }),
    ],
  });
};
