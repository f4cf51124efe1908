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
  tenant = await app.tenant('quotes');
  hotel = await createHotel(tenant.client, { physicalRooms: 1 });
});
afterAll(() => app.close());

const obstaclesOf = async (...lines: ReturnType<typeof stay>[]) => {
  const quote = await tenant.client.bookings.quote.query({ lines });
  return quote.lines.map(({ bookable, obstacles }) => [
    bookable,
    ...obstacles.map(({ code, path, night, restriction, limit }) =>
      [code, path, restriction, night, limit].filter((part) => part !== undefined).join(' '),
    ),
  ]);
};

it('names every obstacle of a line at once, not just the first', async () => {
  const entry = { roomTypeIds: [hotel.roomTypeId] };
  await tenant.client.rates.setRestrictions.mutate({
    ratePlanId: hotel.ratePlanId,
    entries: [
      { ...entry, from: '2026-06-10', until: '2026-06-11', closedToArrival: true, minStay: 4, minAdvance: 120 },
      { ...entry, from: '2026-06-11', until: '2026-06-12', stopSell: true },
      { ...entry, from: '2026-06-12', until: '2026-06-13', closedToDeparture: true },
      { ...entry, from: '2026-06-20', until: '2026-06-21', maxStay: 1, maxAdvance: 30 },
    ],
    idempotencyKey: key(),
  });
  await tenant.client.bookings.create.mutate(asked(stay(hotel, '2026-06-21', '2026-06-22')));

  expect(await obstaclesOf(stay(hotel, '2026-06-10', '2026-06-12', { adults: 3 }))).toEqual([
    [
      false,
      'OVER_CAPACITY party.adults',
      'OVER_CAPACITY party',
      'RESTRICTED stop_sell 2026-06-11',
      'RESTRICTED closed_to_arrival 2026-06-10',
      'RESTRICTED closed_to_departure 2026-06-12',
      'RESTRICTED min_stay 2026-06-10 4',
      'RESTRICTED min_advance 2026-06-10 120',
    ],
  ]);
  expect(await obstaclesOf(stay(hotel, '2026-06-20', '2026-06-22'))).toEqual([
    [false, 'RESTRICTED max_stay 2026-06-20 1', 'RESTRICTED max_advance 2026-06-20 30', 'SOLD_OUT 2026-06-21'],
  ]);
  expect(await obstaclesOf(stay(hotel, '2026-03-01', '2026-03-01', { adults: 0 }))).toEqual([
    [false, 'NO_NIGHTS departure', 'PAST_ARRIVAL arrival', 'NO_GUESTS party'],
  ]);
  expect(await obstaclesOf(stay(hotel, '2028-03-20', '2028-03-22'))).toEqual([
    [false, 'NO_PRICE', 'CLOSED 2028-03-21'],
  ]);
});

it('counts the lines of one request against each other', async () => {
  expect(await obstaclesOf(stay(hotel, '2026-07-01', '2026-07-03'), stay(hotel, '2026-07-02', '2026-07-04'))).toEqual([
    [true],
    [false, 'SOLD_OUT 2026-07-02'],
  ]);
});

it('takes nothing, and is what is charged', async () => {
  const line = stay(hotel, '2026-07-10', '2026-07-12');
  const quote = await tenant.client.bookings.quote.query({ lines: [line] });
  expect(quote).toMatchObject({ bookable: true, currency: 'EUR', total: 20_000 });
  const booking = await tenant.client.bookings.create.mutate(asked(line));
  expect(booking.total).toBe(quote.total);
  expect(booking.lines[0]?.nights).toEqual(quote.lines[0]?.nights);
});

it('what it finds in the way is what a booking is refused for, with the fields or the restriction', async () => {
  const { client } = tenant;
  expect(
    await refusalOf(client.bookings.create.mutate(asked(stay(hotel, '2026-08-01', '2026-08-02', { adults: 3 })))),
  ).toMatchObject({
    httpStatus: 400,
    code: 'OVER_CAPACITY',
    fields: [{ path: 'lines.0.party.adults' }, { path: 'lines.0.party' }],
  });
  expect(await refusalOf(client.bookings.hold.mutate(asked(stay(hotel, '2026-06-10', '2026-06-15'))))).toMatchObject({
    httpStatus: 422,
    code: 'RESTRICTED',
    details: {
      obstacles: [{ restriction: 'stop_sell' }, { restriction: 'closed_to_arrival' }, { restriction: 'min_advance' }],
    },
  });
  expect(await refusalOf(client.bookings.create.mutate(asked(stay(hotel, '2028-03-20', '2028-03-22'))))).toMatchObject({
    httpStatus: 422,
    code: 'NO_PRICE',
  });
});

it('of another property’s plan or of two properties is refused as a whole', async () => {
  const other = await createHotel(tenant.client);
  const [mixed, foreign] = await Promise.all([
    refusalOf(
      tenant.client.bookings.quote.query({
        lines: [stay(hotel, '2026-08-01', '2026-08-02'), stay(other, '2026-08-01', '2026-08-02')],
      }),
    ),
    refusalOf(
      tenant.client.bookings.quote.query({
        lines: [stay({ ...hotel, ratePlanId: other.ratePlanId }, '2026-08-01', '2026-08-02')],
      }),
    ),
  ]);
  expect([mixed.code, foreign.code]).toEqual(['MIXED_PROPERTIES', 'NOT_FOUND']);
});
