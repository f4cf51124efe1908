import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  isNonJsonSerializable,
  splitLink,
  type TRPCClientError,
  type TRPCLink,
} from '@trpc/client';
import { EventSource } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from './apps.ts';
import type { TestRouter } from './router.ts';

let server: TestServer;
let answeredByLane: number;

beforeAll(async () => {
  server = await startServer('fast');
});
afterAll(() => server.close());

type Fetch = NonNullable<Parameters<typeof httpBatchLink>[0]['fetch']>;

const counting: Fetch = async (input, init) => {
  const response = await fetch(input, init as RequestInit);
  if (response.headers.has('content-length')) answeredByLane += 1;
  return response;
};
const clientOf = (link: (options: { url: string; fetch: Fetch }) => TRPCLink<TestRouter>) => {
  answeredByLane = 0;
  return createTRPCClient<TestRouter>({ links: [link({ url: `${server.url}/trpc`, fetch: counting })] });
};

describe.each<[string, Parameters<typeof clientOf>[0], number]>([
  ['httpLink', (options) => httpLink(options), 7],
  ['httpLink with POST for queries', (options) => httpLink({ ...options, methodOverride: 'POST' }), 7],
  ['httpBatchLink', (options) => httpBatchLink({ ...options, maxItems: 4 }), 3],
  ['httpBatchLink with POST', (options) => httpBatchLink({ ...options, maxItems: 4, methodOverride: 'POST' }), 3],
  ['httpBatchStreamLink', (options) => httpBatchStreamLink({ ...options, maxItems: 4 }), 0],
])("tRPC's own %s", (_name, link, byLane) => {
  it('gets answers and errors', async () => {
    const client = clientOf(link);
    const results = await Promise.allSettled([
      client.strict.query({ city: 'Gent & Brügge', adults: 2 }),
      client.nested.deep.er.query(),
      client.nothing.query(),
      client.strict.query({ city: 'x' }),
      client.error.query(),
      client.save.mutate({ name: 'Ana' }),
      client.saveFails.mutate('Bo'),
    ]);
    const seen = results.map((result) => {
      if (result.status === 'fulfilled') return result.value;
      const { data, message } = result.reason as TRPCClientError<TestRouter>;
      return [data?.code, data?.path, message.includes('Too small') ? 'Too small' : message];
    });
    expect(seen).toEqual([
      '2 in Gent & Brügge',
      'deep',
      undefined,
      ['BAD_REQUEST', 'strict', 'Too small'],
      ['INTERNAL_SERVER_ERROR', 'error', 'broken "pipe"'],
      { saved: 'Ana' },
      ['CONFLICT', 'saveFails', 'taken: "Bo"'],
    ]);
    expect(answeredByLane).toBe(byLane);
  });
});

describe("tRPC's own splitLink", () => {
  const split = (options: { url: string; fetch: Fetch }): TRPCLink<TestRouter> =>
    splitLink({
      condition: (op) => op.type === 'subscription',
      true: httpSubscriptionLink({ url: options.url, EventSource }),
      false: splitLink({
        condition: (op) => isNonJsonSerializable(op.input),
        true: httpLink(options),
        false: httpBatchLink(options),
      }),
    });

  it('sends forms and bytes past the lane', async () => {
    const client = clientOf(split);
    const form = new FormData();
    form.set('name', 'Ana');
    expect(await client.form.mutate(form)).toEqual({ name: 'Ana' });
    expect(await client.octets.mutate(new Blob(['bytes']))).toBe('bytes');
    expect(answeredByLane).toBe(0);
    expect(await client.noInput.query()).toEqual({ batchIndex: 0 });
    expect(answeredByLane).toBe(1);
  });

  it('follows a subscription through httpSubscriptionLink', async () => {
    const client = clientOf(split);
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const subscription = client.ticks.subscribe(undefined, {
        onData: ({ data }) => {
          seen.push(data);
          if (seen.length < 2) return;
          subscription.unsubscribe();
          resolve();
        },
        onError: reject,
      });
    });
    expect(seen).toEqual(['tick', 'tock']);
  });
});
