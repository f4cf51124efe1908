import { createTRPCClient, httpSubscriptionLink } from '@trpc/client';
import { Agent, EventSource } from 'undici';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { AppRouter } from '../../../src/compose.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { createTcpProxy } from '../../support/tcp-proxy.ts';
import { follow } from './follower.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

/** tRPC's own client over an EventSource that can send headers. */
const standardClient = (url: string, credentials: string) => {
  const dispatcher = new Agent().compose((dispatch) => (options, handler) => {
    const headers = { ...(options.headers as Record<string, string>), authorization: `Bearer ${credentials}` };
    return dispatch({ ...options, headers }, handler);
  });
  onTestFinished(() => dispatcher.destroy());
  return createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${url}/trpc`,
        EventSource,
        eventSourceOptions: { node: { dispatcher, reconnectionTime: 10 } },
      }),
    ],
  });
};

it('tRPC’s own link follows, goes on after a lost connection, and is told why it is refused', async () => {
  const { client, ownerKey } = await app.tenant('standard');
  const hotel = await createHotel(client);
  const proxy = await createTcpProxy(app.url);
  onTestFinished(() => proxy.close());
  const book = async () => (await client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-02')))).id;
  const live = standardClient(proxy.url, ownerKey).bookings.changes;
  const follower = await follow((observer) => live.subscribe({}, observer));
  const first = await book();
  await follower.first(1);
  proxy.cutAll();
  const second = await book();
  expect((await follower.first(2)).map(({ data }) => data.bookingId)).toEqual([first, second]);

  const refused = await follow((observer) =>
    standardClient(app.url, 'no-key').bookings.changes.subscribe({}, observer),
  ).then(
    () => null,
    (error) => error,
  );
  expect(refused.data).toMatchObject({ code: 'INVALID_CREDENTIALS', httpStatus: 401 });
});
