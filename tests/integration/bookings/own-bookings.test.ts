import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, holdRoom, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;

beforeAll(async () => {
  app = await startApp();
  tenant = await app.tenant('bookers');
  hotel = await createHotel(tenant.client, { physicalRooms: 5 });
});
afterAll(() => app.close());

const bookerNamed = async (name: string): Promise<Client> => {
  const password = 'a long enough password';
  const email = `${name}@example.org`;
  await tenant.client.users.create.mutate({ name, email, password, role: 'booker', idempotencyKey: key() });
  const { accessToken } = await app.client(null).auth.signIn.mutate({ tenant: 'bookers', email, password });
  return app.client(accessToken);
};

it('a booker sees and changes its own bookings only; others are answered like unknown ones', async () => {
  const [ana, ben] = await Promise.all([bookerNamed('ana'), bookerNamed('ben')]);
  const hold = await holdRoom(ana, hotel, '2026-05-01', '2026-05-03');
  const bookingId = hold.id;
  const idempotencyKey = key();

  expect((await ana.bookings.list.query({})).items.map(({ id }) => id)).toEqual([bookingId]);
  expect((await ben.bookings.list.query({})).items).toEqual([]);
  const refused = await Promise.all([
    refusalOf(ben.bookings.get.query({ bookingId })),
    refusalOf(ben.bookings.cancelPreview.query({ bookingId })),
    refusalOf(ben.bookings.confirm.mutate({ bookingId, idempotencyKey: key() })),
    refusalOf(ben.bookings.cancel.mutate({ bookingId, idempotencyKey: key() })),
  ]);
  expect(refused.map(({ code }) => code)).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);

  await ana.bookings.confirm.mutate({ bookingId, idempotencyKey });
  const replayed = await refusalOf(ben.bookings.confirm.mutate({ bookingId, idempotencyKey }));
  expect(replayed.code, "another's key answers nothing").toBe('IDEMPOTENCY_KEY_REUSED');
  expect((await tenant.client.bookings.list.query({})).items).toHaveLength(1);
});

it('a booker can give up its own hold for another, not someone else’s', async () => {
  const [cem, dia] = await Promise.all([bookerNamed('cem'), bookerNamed('dia')]);
  const hold = await holdRoom(cem, hotel, '2026-06-01', '2026-06-03');
  const [line] = hold.lines;
  if (!line) throw new Error('no line');
  const { roomTypeId, ratePlanId, arrival, departure, adults } = line;
  const again = {
    lines: [{ roomTypeId, ratePlanId, arrival, departure, adults }],
    booker: { name: 'Anyone' },
    replacesHold: hold.id,
  };
  expect((await refusalOf(dia.bookings.create.mutate({ ...again, idempotencyKey: key() }))).code).toBe('NOT_FOUND');
  expect((await cem.bookings.create.mutate({ ...again, idempotencyKey: key() })).state).toBe('confirmed');
});
