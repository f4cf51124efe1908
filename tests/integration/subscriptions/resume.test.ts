import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { encodeCursor } from '../../../src/kernel/wire.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel, key } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { createTcpProxy } from '../../support/tcp-proxy.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { follow, hastyClient } from './follower.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

it('a subscriber that loses its connection 100 times under load misses nothing and sees nothing twice', async () => {
  const { client, ownerKey } = await app.tenant('unlucky');
  const hotel = await createHotel(client, { physicalRooms: 100 });
  const proxy = await createTcpProxy(app.url);
  onTestFinished(() => proxy.close());
  const CUTS = 100;
  const live = hastyClient(proxy.url, ownerKey).bookings.changes;
  const follower = await follow(
    (observer) => live.subscribe({}, observer),
    (interruptions) => {
      if (proxy.cuts < CUTS && interruptions === proxy.cuts) proxy.cutAll();
    },
  );
  let made = 0;
  const book = async () => {
    while (proxy.cuts < CUTS) {
      const { id: bookingId } = await client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-02')));
      await client.bookings.cancel.mutate({ bookingId, idempotencyKey: key() });
      made += 2;
    }
  };
  await Promise.all([book(), book(), book()]);

  const seen = await follower.first(made);
  const committed: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await client.events.list.query({ limit: 100, ...(cursor ? { cursor } : {}) });
    committed.push(...page.items.filter(({ bookingId }) => bookingId).map(({ id }) => id));
    cursor = page.cursor;
    if (!page.hasMore) break;
  }
  expect(follower.interruptions.length).toBe(CUTS);
  expect(seen.map(({ data }) => data.id)).toEqual(committed);
  expect(follower.items).toHaveLength(made);
}, 60_000);

it('a subscriber that has seen nothing yet goes on from where it began', async () => {
  const { client, ownerKey } = await app.tenant('early');
  const hotel = await createHotel(client);
  const proxy = await createTcpProxy(app.url);
  onTestFinished(() => proxy.close());
  const live = hastyClient(proxy.url, ownerKey).bookings.changes;
  const follower = await follow((observer) => live.subscribe({}, observer));
  proxy.loseMessage('GET /trpc/bookings.changes', 3);
  proxy.cutAll();
  const { id } = await client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-02')));
  const [first] = await follower.first(1);
  expect(first?.data.bookingId).toBe(id);
});

it('a subscriber from far back gets all pages of the past, then what comes, without a seam', async () => {
  const { client, ownerKey, tenantId } = await app.tenant('historian');
  const hotel = await createHotel(client, { physicalRooms: 10 });
  const { id: bookingId } = await client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-02')));
  const addEvents = async (from: number, count: number) => {
    await tenantRows(
      app.database,
      tenantId,
      `insert into event (id, txid, booking_id, booking_seq, type, payload, at)
       select gen_random_uuid(), pg_current_xact_id(), $1, n, 'booking.confirmed', '{}', $2
       from generate_series($3::integer, $4) n`,
      [bookingId, '2026-03-02Z', from, from + count - 1],
    );
    app.application.wakeups.raise(tenantId);
  };
  await addEvents(2, 1_000);
  const live = hastyClient(app.url, ownerKey).bookings.changes;
  const lastEventId = encodeCursor(['0', 0]);
  const others = Array.from({ length: 5 }, () => follow((observer) => live.subscribe({ lastEventId }, observer)));
  for (let from = 1_002; from < 1_402; from += 20) await addEvents(from, 20);
  for (const follower of await Promise.all(others)) {
    const seen = await follower.first(1_401);
    expect(seen.map(({ data }) => data.bookingSeq)).toEqual(Array.from({ length: 1_401 }, (_, index) => index + 1));
  }
  await tenantRows(app.database, tenantId, 'delete from event where booking_seq > 1');
});
