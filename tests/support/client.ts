import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';
import { keepTokens, type TokenKeeper } from '../../src/client/consistency-token.ts';
import type { AppRouter } from '../../src/compose.ts';

export type Client = TRPCClient<AppRouter>;

/** One a server, so that each client reads what any of them wrote, replica or not. */
const keepers = new Map<string, TokenKeeper>();

const keeperOf = (url: string): TokenKeeper => {
  const keeper = keepers.get(url) ?? keepTokens();
  keepers.set(url, keeper);
  return keeper;
};

/** Calls a server as it is, without retries or keys of its own; `credentials` is the Bearer token, null sends none. */
export const clientOf = (url: string, credentials: string | null): Client => {
  const keeper = keeperOf(url);
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${url}/trpc`,
        maxItems: 1,
        headers: () => {
          const token = keeper.newest();
          return {
            ...(credentials ? { authorization: `Bearer ${credentials}` } : {}),
            ...(token ? { 'x-consistency-token': token } : {}),
          };
        },
        async fetch(input, init) {
          const response = await fetch(input, init as RequestInit);
          keeper.note(response.headers.get('x-consistency-token'));
          return response;
        },
      }),
    ],
  });
};
