import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, stay } from '../../support/stays.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('events');
  hotel = await createHotel(tenant.client, { physicalRooms: 2 });
});
afterAll(() => app.close());

const eventsOf = async (bookingId: string) =>
  (await tenant.client.events.list.query({ bookingId })).items.map(({ bookingSeq, type }) => [bookingSeq, type]);
const on = (bookingId: string) => ({ bookingId, idempotencyKey: key() });

it('a booking’s events are numbered from 1 without gaps; what is refused or retried makes none', async () => {
  const { bookings } = tenant.client;
  const { id } = await bookings.hold.mutate(asked(stay(hotel, '2026-03-02', '2026-03-04')));
  await refusalOf(bookings.checkIn.mutate(on(id)));
  const confirm = on(id);
  await bookings.confirm.mutate(confirm);
  await bookings.confirm.mutate(confirm);
  await refusalOf(bookings.confirm.mutate(on(id)));
  await bookings.checkIn.mutate(on(id));
  await bookings.checkOut.mutate(on(id));
  expect(await eventsOf(id)).toEqual([
    [1, 'booking.held'],
    [2, 'booking.confirmed'],
    [3, 'booking.checked_in'],
    [4, 'booking.checked_out'],
  ]);
});

it('an expired hold is announced by whoever releases it, a replaced one by its replacement', async () => {
  const { bookings } = tenant.client;
  const two = [stay(hotel, '2026-04-01', '2026-04-02'), stay(hotel, '2026-04-01', '2026-04-02')];
  const over = await bookings.hold.mutate({ ...asked(...two), holdMinutes: 1 });
  app.clock.advanceTo(new Date(app.clock.nowMs() + 60_000).toISOString());
  const next = await bookings.hold.mutate(asked(...two));
  const { id } = await bookings.create.mutate({ ...asked(...two), replacesHold: next.id });
  expect(await Promise.all([over.id, next.id, id].map(eventsOf))).toEqual([
    [
      [1, 'booking.held'],
      [2, 'booking.expired'],
    ],
    [
      [1, 'booking.held'],
      [2, 'booking.cancelled'],
    ],
    [[1, 'booking.confirmed']],
  ]);
});

it('payloads name states, dates and amounts, and nobody', async () => {
  const { items } = await tenant.client.events.list.query({ limit: 100 });
  const fields = new Set(items.flatMap(({ payload }) => Object.keys(payload)));
  expect([...fields].sort()).toEqual([
    'arrival',
    'currency',
    'departure',
    'holdExpiresAt',
    'lines',
    'propertyId',
    'reason',
    'total',
  ]);
  expect(JSON.stringify(items)).not.toContain('Ana');
});
