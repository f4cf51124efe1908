import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createEventStreamParser } from '../../../src/client/event-stream-parser.ts';
import { startApp } from '../../support/app.ts';
import { createHotel } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { createTcpProxy } from '../../support/tcp-proxy.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { follow, hastyClient } from './follower.ts';
import { openStream } from './raw-stream.ts';

const settings = { DATABASE_REPLICA_URLS: '' };

it('a reader that is too slow is dropped with a code to go on after, while others read on', async () => {
  const app = await startApp({ settings });
  onTestFinished(() => app.close());
  const { client, ownerKey, tenantId } = await app.tenant('flood');
  const hotel = await createHotel(client);
  const { id: bookingId } = await client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-02')));
  const target = new URL(app.url);
  const slow = connect(Number(target.port), target.hostname);
  onTestFinished(() => void slow.destroy());
  slow.write(
    `GET /trpc/bookings.changes?input=%7B%7D HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ownerKey}\r\n\r\n`,
  );
  await once(slow, 'data');
  slow.pause();
  const live = hastyClient(app.url, ownerKey).bookings.changes;
  const quick = await follow((observer) => live.subscribe({}, observer));

  const EVENTS = 1_200;
  const [numbered] = await tenantRows<{ last: number }>(
    app.database,
    tenantId,
    'select max(booking_seq) as last from event where booking_id = $1',
    [bookingId],
  );
  // More than sockets take in for a reader that does not read.
  for (let batch = 0; batch < EVENTS; batch += 50) {
    await tenantRows(
      app.database,
      tenantId,
      `insert into event (id, txid, booking_id, booking_seq, type, payload, at)
       select gen_random_uuid(), pg_current_xact_id(), $1, $2 + n, 'booking.confirmed',
         jsonb_build_object('filler', repeat('x', 16000)), $3 from generate_series(1, 50) n`,
      [bookingId, (numbered?.last ?? 0) + batch, '2026-03-02Z'],
    );
    app.application.wakeups.raise(tenantId);
    await quick.first(batch + 50);
  }
  const parser = createEventStreamParser();
  const told: string[] = [];
  let text = '';
  slow.on('data', (part: Buffer) => {
    // Chunk sizes stand between lines of their own, and are fields that nobody knows.
    for (const { name, data } of parser.read(part.toString('latin1'))) {
      if (name === 'message') told.push(name);
      if (name === 'serialized-error') text = data;
    }
  });
  slow.resume();
  await expect.poll(() => text, { timeout: 10_000 }).toContain('"code":"SUBSCRIBER_TOO_SLOW"');
  expect(JSON.parse(text).data.retryable).toBe(true);
  expect(told.length).toBeLessThan(EVENTS);
  expect(quick.items).toHaveLength(EVENTS);
  expect(quick.interruptions).toEqual([]);
  await tenantRows(app.database, tenantId, `delete from event where payload ? 'filler'`);
}, 60_000);

it('a reader that has stopped reading is cut off after some heartbeats', async () => {
  const app = await startApp({ settings: { ...settings, STREAM_PING_MS: '50' } });
  onTestFinished(() => app.close());
  const { ownerKey, tenantId } = await app.tenant('asleep');
  const target = new URL(app.url);
  const asleep = connect(Number(target.port), target.hostname);
  onTestFinished(() => void asleep.destroy());
  asleep.on('error', () => {});
  asleep.write(
    `GET /trpc/availability.changes?input=%7B%7D HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ownerKey}\r\n\r\n`,
  );
  await once(asleep, 'data');
  asleep.pause();
  const awake = await openStream(app.url, 'availability.changes', {}, ownerKey);
  for (let batch = 0; batch < 15; batch++) {
    await tenantRows(
      app.database,
      tenantId,
      `insert into event (id, txid, type, payload, at)
       select gen_random_uuid(), pg_current_xact_id(), 'rates.changed', jsonb_build_object('nights', jsonb_build_array(
           jsonb_build_object('roomTypeIds', jsonb_build_array(repeat('x', 16000)), 'from', 'a', 'until', 'b'))), $1
       from generate_series(1, 50) n`,
      ['2026-03-02Z'],
    );
    app.application.wakeups.raise(tenantId);
    for (let event = 0; event < 50; event++) await awake.next('message');
  }
  // Each is a heartbeat of both.
  for (let heartbeat = 0; heartbeat < 8; heartbeat++) await awake.next('ping');
  let text = '';
  asleep.on('data', (part: Buffer) => {
    text = text.slice(-200) + part.toString('latin1');
  });
  asleep.resume();
  await once(asleep, 'close');
  expect(text).toContain('xxx');
  expect(text, 'a reader that is there would be told').not.toContain('serialized-error');
  expect(await awake.next('ping')).not.toBeNull();
});

it('a stop ends all streams with a code to go on after, and refuses new ones', async () => {
  const app = await startApp({ settings });
  const { ownerKey } = await app.tenant('stopping');
  const streams = await Promise.all(
    Array.from({ length: 20 }, () => openStream(app.url, 'bookings.changes', {}, ownerKey)),
  );
  const startedAt = performance.now();
  app.application.drain();
  const errors = await Promise.all(streams.map((stream) => stream.error()));
  expect(new Set(errors.map(({ code, retryable }) => `${code} ${retryable}`))).toEqual(
    new Set(['SERVER_STOPPING true']),
  );
  const late = await openStream(app.url, 'bookings.changes', {}, ownerKey);
  expect(await late.error()).toMatchObject({ code: 'SERVER_STOPPING', retryable: true });
  await app.close();
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it('a lost database ends no stream: what was committed meanwhile comes when it is back', async () => {
  const app = await startApp({ settings });
  onTestFinished(() => app.close());
  const proxy = await createTcpProxy(app.database.primaryUrl);
  onTestFinished(() => proxy.close());
  const cutOff = await startApp({ database: { ...app.database, primaryUrl: proxy.url }, settings, verified: false });
  onTestFinished(() => cutOff.close());
  const { client, ownerKey } = await app.tenant('patient');
  const hotel = await createHotel(client);
  const live = hastyClient(cutOff.url, ownerKey).bookings.changes;
  const follower = await follow((observer) => live.subscribe({}, observer));
  proxy.stayDown();
  proxy.loseMessage('event');
  await expect.poll(() => proxy.cuts, { timeout: 5_000 }).toBe(1);
  const { id } = await client.bookings.create.mutate(asked(stay(hotel, '2026-05-01', '2026-05-02')));
  proxy.heal();
  const [first] = await follower.first(1);
  expect(first?.data.bookingId).toBe(id);
  expect(follower.interruptions).toEqual([]);
});
