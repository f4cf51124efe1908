import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, roomsLeft, stay } from '../../support/stays.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('retries');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client, { physicalRooms: 3 });
});
afterAll(() => app.close());

const request = () => asked(stay(hotel, '2026-05-01', '2026-05-03'));
const left = () => roomsLeft(tenant.client, hotel, '2026-05-01', '2026-05-03');

it('the same key and body is answered what was answered first, even when things have moved on', async () => {
  const { bookings } = tenant.client;
  const created = request();
  const first = await bookings.create.mutate(created);
  const cancel = { bookingId: first.id, idempotencyKey: key() };
  const cancelled = await bookings.cancel.mutate(cancel);
  expect(await bookings.create.mutate(created)).toEqual(first);
  expect(await bookings.cancel.mutate(cancel)).toEqual(cancelled);
  expect(await left()).toEqual([3, 3]);
});

it('the same key with another body or another call is a conflict that names the key', async () => {
  const { bookings } = tenant.client;
  const created = request();
  const { id: bookingId } = await bookings.create.mutate(created);
  const conflicts = await Promise.all([
    refusalOf(bookings.create.mutate({ ...created, notes: 'late arrival' })),
    refusalOf(bookings.hold.mutate(created)),
    refusalOf(bookings.cancel.mutate({ bookingId, idempotencyKey: created.idempotencyKey })),
  ]);
  for (const conflict of conflicts) {
    expect(conflict).toMatchObject({
      ...{ httpStatus: 409, code: 'IDEMPOTENCY_KEY_REUSED', retryable: false },
      fields: [{ path: 'idempotencyKey' }],
    });
  }
  expect(await left()).toEqual([2, 2]);
});

it('a refusal is not kept: the same key works once the way is free', async () => {
  const { bookings } = tenant.client;
  const group = await bookings.hold.mutate(asked(...Array(3).fill(stay(hotel, '2026-05-02', '2026-05-03'))));
  const created = request();
  expect((await refusalOf(bookings.create.mutate(created))).code).toBe('NOT_AVAILABLE');
  await bookings.cancel.mutate({ bookingId: group.id, idempotencyKey: key() });
  expect(await bookings.create.mutate(created)).toMatchObject({ state: 'confirmed' });
});

it('a key is another one for another tenant', async () => {
  const stranger = await app.tenant('retries-elsewhere');
  const theirs = await createHotel(stranger.client);
  const created = request();
  const [mine, other] = await Promise.all([
    tenant.client.bookings.create.mutate(created),
    stranger.client.bookings.create.mutate({
      ...asked(stay(theirs, '2026-05-01', '2026-05-03')),
      idempotencyKey: created.idempotencyKey,
    }),
  ]);
  expect(mine.id).not.toBe(other.id);
});

it('a key is kept for 24 hours', async () => {
  const { bookings } = tenant.client;
  const created = request();
  const first = await bookings.create.mutate(created);
  const keptUntil = app.clock.nowMs() + 24 * 3_600_000;
  app.clock.advanceTo(new Date(keptUntil - 1).toISOString());
  expect((await bookings.create.mutate(created)).id).toBe(first.id);
  app.clock.advanceTo(new Date(keptUntil).toISOString());
  expect((await bookings.create.mutate(created)).id).not.toBe(first.id);
});

it('a key is required, and 8 to 128 printable characters', async () => {
  const keys = [undefined, '', 'short', 'with a space in it', 'x'.repeat(129), 'tab\tin-the-key'];
  for (const idempotencyKey of keys) {
    const refused = await refusalOf(
      tenant.client.bookings.create.mutate({ ...request(), idempotencyKey: idempotencyKey as string }),
    );
    expect(refused).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'idempotencyKey' }] });
  }
});

it('of a refused call nothing is left: no booking, guest, event, audit entry or key', async () => {
  const counts = () =>
    tenantRows(
      app.database,
      tenant.tenantId,
      `select (select count(*) from booking) as bookings, (select count(*) from guest) as guests,
         (select count(*) from event) as events, (select count(*) from audit_entry) as audits,
         (select count(*) from idempotency_key) as keys`,
    );
  const before = await counts();
  const four = asked(...Array(4).fill(stay(hotel, '2026-05-01', '2026-05-03')));
  expect((await refusalOf(tenant.client.bookings.create.mutate(four))).code).toBe('NOT_AVAILABLE');
  expect(await counts()).toEqual(before);
});
