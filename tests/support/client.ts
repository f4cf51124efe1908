import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';
import type { AppRouter } from '../../src/compose.ts';

export type Client = TRPCClient<AppRouter>;

/** Calls a server as it is, without retries or keys of its own; `credentials` is the Bearer token, null sends none. */
export const clientOf = (url: string, credentials: string | null): Client =>
  createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${url}/trpc`,
        maxItems: 1,
        headers: credentials ? { authorization: `Bearer ${credentials}` } : {},
      }),
    ],
  });
