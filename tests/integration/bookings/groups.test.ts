import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, createRoomType, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, roomsLeft, stay } from '../../support/stays.ts';

let app: TestApp;
let tenant: TestTenant;
let double: Hotel;
let suite: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('groups');
});
beforeEach(async () => {
  double = await createHotel(tenant.client, { physicalRooms: 2 });
  const { id } = await createRoomType(tenant.client, double.propertyId, { name: 'Suite', physicalRooms: 1 });
  suite = { ...double, roomTypeId: id };
  await tenant.client.rates.setPrices.mutate({
    ratePlanId: double.ratePlanId,
    entries: [{ roomTypeIds: [id], from: '2026-01-01', until: '2027-01-01', price: 30_000 }],
    idempotencyKey: key(),
  });
});
afterAll(() => app.close());

const left = async (from: string, until: string) => [
  await roomsLeft(tenant.client, double, from, until),
  await roomsLeft(tenant.client, suite, from, until),
];

it('a group takes rooms of several types and dates in one booking', async () => {
  const group = await tenant.client.bookings.create.mutate(
    asked(
      stay(double, '2026-05-01', '2026-05-03'),
      stay(suite, '2026-05-02', '2026-05-05'),
      stay(double, '2026-05-02', '2026-05-04'),
    ),
  );
  expect(group).toMatchObject({ arrival: '2026-05-01', departure: '2026-05-05', total: 20_000 + 90_000 + 20_000 });
  expect(group.lines.map(({ lineNo, roomTypeId, total }) => [lineNo, roomTypeId, total])).toEqual([
    [1, double.roomTypeId, 20_000],
    [2, suite.roomTypeId, 90_000],
    [3, double.roomTypeId, 20_000],
  ]);
  expect(await left('2026-05-01', '2026-05-05')).toEqual([
    [1, 0, 1, 2],
    [1, 0, 0, 0],
  ]);
});

it('a group gets all of its rooms or none, and its lines are counted together', async () => {
  const three = asked(...Array.from({ length: 3 }, () => stay(double, '2026-05-01', '2026-05-03')));
  const refused = await refusalOf(tenant.client.bookings.hold.mutate(three));
  expect(refused).toMatchObject({
    code: 'NOT_AVAILABLE',
    details: { shortages: [{ available: 2 }, { available: 2 }] },
  });

  await tenant.client.bookings.create.mutate(asked(stay(suite, '2026-05-02', '2026-05-03')));
  const mixed = asked(stay(double, '2026-05-01', '2026-05-03'), stay(suite, '2026-05-01', '2026-05-03'));
  expect((await refusalOf(tenant.client.bookings.create.mutate(mixed))).details).toEqual({
    shortages: [{ roomTypeId: suite.roomTypeId, night: '2026-05-02', problem: 'sold_out', available: 0 }],
  });
  expect(await left('2026-05-01', '2026-05-03')).toEqual([
    [2, 2],
    [1, 0],
  ]);
});

it('one line of a group can be cancelled, and the booking goes on with the others', async () => {
  const group = await tenant.client.bookings.create.mutate(
    asked(stay(double, '2026-05-01', '2026-05-03'), stay(suite, '2026-05-01', '2026-05-03')),
  );
  const [first, second] = group.lines.map(({ id }) => id);
  const cancel = (lineIds?: string[]) =>
    tenant.client.bookings.cancel.mutate({
      ...{ bookingId: group.id, idempotencyKey: key() },
      ...(lineIds ? { lineIds } : {}),
    });
  expect(await cancel([first ?? ''])).toMatchObject({
    ...{ state: 'confirmed', total: 80_000 },
    lines: [{ state: 'cancelled' }, { state: 'confirmed' }],
  });
  expect(await left('2026-05-01', '2026-05-03')).toEqual([
    [2, 2],
    [0, 0],
  ]);
  expect(await refusalOf(cancel([first ?? '', second ?? '']))).toMatchObject({ code: 'WRONG_STATE' });
  expect(await refusalOf(cancel([second ?? '', second ?? '']))).toMatchObject({ code: 'INVALID_INPUT' });
  expect(await refusalOf(cancel([group.id]))).toMatchObject({ code: 'NOT_FOUND', fields: [{ path: 'lineIds.0' }] });
  expect(await cancel()).toMatchObject({ state: 'cancelled', lines: [{ state: 'cancelled' }, { state: 'cancelled' }] });
  expect(await left('2026-05-01', '2026-05-03')).toEqual([
    [2, 2],
    [1, 1],
  ]);
});

it('lines of a group leave at their own times, and the booking is what is left of it', async () => {
  const group = await tenant.client.bookings.create.mutate(
    asked(stay(double, '2026-03-02', '2026-03-04'), stay(suite, '2026-03-02', '2026-03-04')),
  );
  const [first = '', second = ''] = group.lines.map(({ id }) => id);
  const { bookings } = tenant.client;
  const on = (lineId: string) => ({ bookingId: group.id, lineIds: [lineId], idempotencyKey: key() });
  const states = [
    await bookings.checkIn.mutate(on(first)),
    await bookings.noShow.mutate(on(second)),
    await bookings.checkOut.mutate(on(first)),
  ].map(({ state }) => state);
  expect(states).toEqual(['checked_in', 'checked_in', 'checked_out']);
});
