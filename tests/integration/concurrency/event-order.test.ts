import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { whileNightIsHeld } from './held-night.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('announcements');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client, { physicalRooms: 1 });
});
afterAll(() => app.close());

/** What stands behind the cursor, page by page, until there are `atLeast`: any transaction of the server keeps later ones back. */
const eventsAfter = async (cursor: string | undefined, atLeast = 0) => {
  const events: { bookingId: string | null; bookingSeq: number | null; type: string }[] = [];
  for (let at = cursor; ; ) {
    const page = await tenant.client.events.list.query({ limit: 1, ...(at === undefined ? {} : { cursor: at }) });
    events.push(...page.items);
    at = page.cursor;
    if (!page.hasMore && events.length >= atLeast) return { events, cursor: at };
  }
};
const named = ({ events }: Awaited<ReturnType<typeof eventsAfter>>) =>
  events.map(({ bookingId, bookingSeq, type }) => [bookingId, bookingSeq, type]);
const create = (arrival: string, departure: string) =>
  tenant.client.bookings.create.mutate(asked(stay(hotel, arrival, departure)));

it('a pager gets the event of a transaction that began earlier and commits later, and first', async () => {
  const { cursor } = await eventsAfter(undefined);
  const [late, { early, seen }] = await whileNightIsHeld(
    app.database,
    { roomTypeId: hotel.roomTypeId, night: '2026-05-01' },
    () => create('2026-05-01', '2026-05-02'),
    async () => ({ early: await create('2026-06-01', '2026-06-02'), seen: await eventsAfter(cursor) }),
  );
  expect(seen.events, 'what a running transaction may come before').toEqual([]);
  expect(named(await eventsAfter(seen.cursor, 2))).toEqual([
    [late.id, 1, 'booking.confirmed'],
    [early.id, 1, 'booking.confirmed'],
  ]);
});

it('a booking’s events keep their order, also when the later one is of the transaction that began earlier', async () => {
  const { cursor } = await eventsAfter(undefined);
  const { id: bookingId, lines } = await tenant.client.bookings.hold.mutate({
    ...asked(stay(hotel, '2026-05-01', '2026-05-02'), stay(hotel, '2026-05-10', '2026-05-11')),
    holdMinutes: 1,
  });
  app.clock.advanceTo(new Date(app.clock.nowMs() + 60_000).toISOString());
  // The one that takes the night releases the hold that is over; meanwhile its owner gives up the other room.
  const [taker] = await whileNightIsHeld(
    app.database,
    { roomTypeId: hotel.roomTypeId, night: '2026-05-01' },
    () => create('2026-05-01', '2026-05-02'),
    () =>
      tenant.client.bookings.cancel.mutate({
        ...{ bookingId, lineIds: [lines[1]?.id ?? ''], idempotencyKey: key() },
      }),
  );
  const events = named(await eventsAfter(cursor, 4));
  expect(events.filter(([id]) => id === bookingId)).toEqual([
    [bookingId, 1, 'booking.held'],
    [bookingId, 2, 'booking.cancelled'],
    [bookingId, 3, 'booking.expired'],
  ]);
  const [beganEarlier, laterEvent] = [taker.id, bookingId].map((id) => events.findLastIndex(([of]) => of === id));
  expect(beganEarlier, 'the transaction that released the hold had the smaller number').toBeLessThan(laterEvent ?? 0);
});
