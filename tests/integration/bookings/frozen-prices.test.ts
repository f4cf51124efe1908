import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, stay } from '../../support/stays.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
const vat = { code: 'vat', name: 'VAT', kind: 'percent', value: 600, included: false } as const;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('prices');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client, { property: { taxes: [vat] } });
});
afterAll(() => app.close());

const setPrice = (price: number) =>
  tenant.client.rates.setPrices.mutate({
    ratePlanId: hotel.ratePlanId,
    entries: [{ roomTypeIds: [hotel.roomTypeId], from: '2026-05-01', until: '2026-06-01', price }],
    idempotencyKey: key(),
  });

it('a hold is confirmed at the price that was held, and stays at it, though prices and taxes change', async () => {
  const held = await tenant.client.bookings.hold.mutate(asked(stay(hotel, '2026-05-01', '2026-05-03')));
  expect(held).toMatchObject({ total: 21_200, lines: [{ roomCharge: 20_000, taxes: [{ amount: 1_200 }] }] });
  await setPrice(99_900);
  await tenant.client.properties.update.mutate({
    ...{ propertyId: hotel.propertyId, taxes: [], idempotencyKey: key() },
  });
  const confirmed = await tenant.client.bookings.confirm.mutate({ bookingId: held.id, idempotencyKey: key() });
  expect(confirmed.total).toBe(21_200);
  expect(confirmed.lines).toEqual([{ ...held.lines[0], state: 'confirmed' }]);
  await setPrice(1);
  expect(await tenant.client.bookings.get.query({ bookingId: held.id })).toMatchObject({ total: 21_200 });
  const quote = await tenant.client.bookings.quote.query({ lines: [stay(hotel, '2026-05-01', '2026-05-03')] });
  expect(quote.total).toBe(2);
});

it('nightly prices of the caller replace the plan’s where it may, and are audited', async () => {
  const line = stay(hotel, '2026-05-01', '2026-05-03', { nightPrices: [5_000, 0] });
  const booking = await tenant.client.bookings.create.mutate(asked(line));
  expect(booking).toMatchObject({ total: 5_300, lines: [{ nights: [{ price: 5_000 }, { price: 0 }] }] });
  const audited = await tenantRows(
    app.database,
    tenant.tenantId,
    `select after -> 'priceOverrides' as overrides from audit_entry where entity_id = $1`,
    [booking.id],
  );
  expect(audited).toEqual([{ overrides: [{ lineNo: 1, nightPrices: [5_000, 0] }] }]);

  const created = await tenant.client.apiKeys.create.mutate({
    ...{ name: 'desk', kind: 'secret', permissions: ['bookings:manage', 'availability:read'], idempotencyKey: key() },
  });
  const desk = app.client(created.secret ?? '');
  const refused = await Promise.all([
    refusalOf(desk.bookings.create.mutate(asked(line))),
    refusalOf(desk.bookings.quote.query({ lines: [line] })),
  ]);
  for (const refusal of refused) {
    expect(refusal).toMatchObject({ httpStatus: 403, code: 'FORBIDDEN', fields: [{ path: 'lines.0.nightPrices' }] });
  }
});
