import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { whileNightIsHeld } from '../concurrency/held-night.ts';
import { follow, hastyClient } from './follower.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

it('an event that was begun early and is committed late reaches every subscriber, and first', async () => {
  const { client, ownerKey } = await app.tenant('latecomers');
  const hotel = await createHotel(client, { physicalRooms: 2 });
  const { cursor: lastEventId } = await client.events.list.query({ limit: 100 });
  const live = hastyClient(app.url, ownerKey).bookings.changes;
  const present = await follow((observer) => live.subscribe({}, observer));
  const create = (arrival: string, departure: string) =>
    client.bookings.create.mutate(asked(stay(hotel, arrival, departure)));

  const [late, { early, resumed }] = await whileNightIsHeld(
    app.database,
    { roomTypeId: hotel.roomTypeId, night: '2026-05-01' },
    () => create('2026-05-01', '2026-05-02'),
    async () => ({
      early: await create('2026-06-01', '2026-06-02'),
      // Comes while the early one is committed and the late one is not.
      resumed: await follow((observer) => live.subscribe({ lastEventId }, observer)),
    }),
  );
  for (const follower of [present, resumed]) {
    const seen = await follower.first(2);
    expect(seen.map(({ data }) => data.bookingId)).toEqual([late.id, early.id]);
  }
});
