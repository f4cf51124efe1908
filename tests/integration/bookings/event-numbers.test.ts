import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVENT_TYPES, type EventType, eventCatalogue } from '../../../src/features/events/index.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { settledEvents } from '../../support/settled-events.ts';
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

const eventsOf = async (bookingId: string) => {
  await settledEvents(app.database, tenant.tenantId);
  const { items } = await tenant.client.events.list.query({ bookingId });
  return items.map(({ bookingSeq, type }) => [bookingSeq, type]);
};
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

it('every event is as the catalogue says, and names nobody', async () => {
  const { bookings, inventory, events, apiKeys } = tenant.client;
  const [arrival, departure] = ['2026-03-02', '2026-03-04'];
  const lost = await bookings.create.mutate(asked(stay(hotel, arrival, departure)));
  await bookings.noShow.mutate(on(lost.id));
  await inventory.setNights.mutate({
    ...{ roomTypeId: hotel.roomTypeId, from: '2026-05-01', until: '2026-05-03', physical: 3 },
    idempotencyKey: key(),
  });
  const { id: apiKeyId } = await apiKeys.create.mutate({
    ...{ name: 'Gone', permissions: ['events:read'], idempotencyKey: key() },
  });
  await apiKeys.revoke.mutate({ apiKeyId, idempotencyKey: key() });
  await settledEvents(app.database, tenant.tenantId);
  const { items } = await events.list.query({ limit: 100 });
  const broken = items.flatMap(({ type, version, payload }) => {
    const known = eventCatalogue[type as EventType];
    const faults = known.payload.safeParse(payload).error?.issues ?? [];
    return [...faults, ...(version === known.version ? [] : [`version ${version}`])].map((fault) => ({ type, fault }));
  });
  expect(broken).toEqual([]);
  expect([...new Set(items.map(({ type }) => type))].sort()).toEqual(
    EVENT_TYPES.filter((type) => type !== 'webhook.disabled').sort(),
  );
  expect(JSON.stringify(items)).not.toContain('Ana');
});
