import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, holdRoom, key } from '../../support/hotel.ts';
import { holdOpen } from '../../support/open-transaction.ts';
import { waitingForLocks } from '../../support/table-lock.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { ageEvents, eventsLeft, maintainIn } from './old-rows.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
let tenants = 0;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
beforeEach(async () => {
  tenant = await app.tenant(`tenant-${++tenants}`);
  hotel = await createHotel(tenant.client);
});
afterAll(() => app.close());

/** A confirmed booking all of whose traces are old. */
const oldBooking = async (): Promise<string> => {
  const { client, tenantId } = tenant;
  const { id } = await holdRoom(client, hotel, '2026-05-01', '2026-05-03', 1_440);
  await client.bookings.confirm.mutate({ bookingId: id, idempotencyKey: key() });
  await ageEvents(app, tenantId);
  await tenantRows(app.database, tenantId, `update audit_entry set at = '2020-01-01Z'`);
  await tenantRows(app.database, tenantId, `update idempotency_key set expires_at = '2020-01-01Z'`);
  return id;
};

it('does not wait for a booking that is being written, whose events stay', async () => {
  const { tenantId } = tenant;
  const bookingId = await oldBooking();
  await holdOpen(
    app.database.ownerUrl,
    tenantId,
    `select app.lock_nights(array['${hotel.roomTypeId}'::uuid], array['2026-05-01'::date], array['${bookingId}'::uuid]);
     select app.append_event('${bookingId}', 'booking.checked_in', '{}', '2020-01-01Z');
     update idempotency_key set answer = '' where tenant_id = app.tenant() and procedure = 'bookings.confirm'`,
  );
  const report = await maintainIn(app, { lockTimeoutMs: 20_000 });
  expect(report.postponed).toEqual([]);
  expect(report.deleted['audit entries']).toBeGreaterThan(0);
  expect(await eventsLeft(app, tenantId)).toEqual([]);
  const keys = await tenantRows(app.database, tenantId, 'select procedure from idempotency_key');
  expect(keys).toEqual([{ procedure: 'bookings.confirm' }]);
});

it('keeps no booking waiting while it waits itself in the middle of a bite', async () => {
  const { client, tenantId } = tenant;
  const bookingId = await oldBooking();
  const release = await holdOpen(
    app.database.ownerUrl,
    tenantId,
    `select from event where tenant_id = app.tenant() and type = 'booking.confirmed' for key share`,
  );
  const run = maintainIn(app, { lockTimeoutMs: 20_000 });
  await expect.poll(() => waitingForLocks(app.database.ownerUrl), { timeout: 10_000 }).toBe(1);
  const cancelled = await client.bookings.cancel.mutate({ bookingId, idempotencyKey: key() });
  const booked = await holdRoom(client, hotel, '2026-05-01', '2026-05-03', 1_440);
  expect([cancelled.state, booked.state]).toEqual(['cancelled', 'held']);
  expect(await waitingForLocks(app.database.ownerUrl)).toBe(1);
  await release();
  expect((await run).postponed).toEqual([]);
  expect(await eventsLeft(app, tenantId)).toEqual(['booking.cancelled', 'booking.held']);
});

it('gives way to a lock that is held for long, does the rest, and the next run makes up for it', async () => {
  const { tenantId } = tenant;
  await oldBooking();
  const release = await holdOpen(
    app.database.ownerUrl,
    tenantId,
    `select from event where tenant_id = app.tenant() for key share`,
  );
  const report = await maintainIn(app, { lockTimeoutMs: 50 });
  expect(report).toMatchObject({ postponed: ['events'], deleted: { events: 0 } });
  expect(report.deleted['audit entries']).toBeGreaterThan(0);
  await release();
  expect((await maintainIn(app)).postponed).toEqual([]);
  expect(await eventsLeft(app, tenantId)).toEqual([]);
});
