import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, freeCancellation, type Hotel, key } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('fees');
});
afterAll(() => app.close());

/** Free up to 24 hours before check-in at 15:00 in Lisbon, then the first night; all of it from an hour before. */
const strictHotel = (): Promise<Hotel> =>
  createHotel(tenant.client, {
    physicalRooms: 9,
    plan: {
      terms: {
        ...freeCancellation,
        cancellation: [
          { hoursBefore: 24, fee: { kind: 'percent', basisPoints: 0 } },
          { hoursBefore: 1, fee: { kind: 'nights', nights: 1 } },
        ],
      },
    },
  });

// The clocks of Lisbon go from 01:00 to 02:00 on 29 March (15:00 is then 14:00 UTC) and back on 25 October.
it.each([
  ['an ordinary day', '2026-03-20', '2026-03-19T15:00:00.000Z', '2026-03-20T14:00:00.000Z'],
  ['the day on which the clocks go forward', '2026-03-29', '2026-03-28T14:00:00.000Z', '2026-03-29T13:00:00.000Z'],
  ['the day on which they go back', '2026-10-25', '2026-10-24T15:00:00.000Z', '2026-10-25T14:00:00.000Z'],
])(
  'real hours count before check-in on %s, and the preview is what is charged',
  async (_day, arrival, free, firstNight) => {
    const hotel = await strictHotel();
    const departure = `${arrival.slice(0, 8)}${Number(arrival.slice(8)) + 2}`;
    const moments = [
      [Date.parse(free), 0, 24],
      [Date.parse(free) + 1, 10_000, 23.99],
      [Date.parse(firstNight), 10_000, 1],
      [Date.parse(firstNight) + 1, 20_000, 0.99],
    ] as const;
    const bookings = await Promise.all(
      moments.map(() => tenant.client.bookings.create.mutate(asked(stay(hotel, arrival, departure)))),
    );
    for (const [index, [ms, fee, hoursBefore]] of moments.entries()) {
      app.clock.advanceTo(new Date(ms).toISOString());
      const bookingId = bookings[index]?.id ?? '';
      const preview = await tenant.client.bookings.cancelPreview.query({ bookingId });
      expect(preview).toMatchObject({ currency: 'EUR', fee, lines: [{ fee, hoursBefore }] });
      const cancelled = await tenant.client.bookings.cancel.mutate({ bookingId, idempotencyKey: key() });
      expect(cancelled).toMatchObject({ state: 'cancelled', lines: [{ fee }] });
    }
  },
);

it('terms are those of the moment of sale, whatever the plan says later', async () => {
  const hotel = await strictHotel();
  const arrival = app.clock.nowIso().slice(0, 10);
  const departure = new Date(app.clock.nowMs() + 3 * 86_400_000).toISOString().slice(0, 10);
  const { id: bookingId } = await tenant.client.bookings.create.mutate(asked(stay(hotel, arrival, departure)));
  const before = await tenant.client.bookings.cancelPreview.query({ bookingId });
  expect(before.fee).toBeGreaterThan(0);
  await tenant.client.rates.updatePlan.mutate({
    ...{ ratePlanId: hotel.ratePlanId, terms: freeCancellation, idempotencyKey: key() },
  });
  expect(await tenant.client.bookings.cancelPreview.query({ bookingId })).toEqual(before);
});

it('some lines can be cancelled, each at its own fee', async () => {
  const hotel = await strictHotel();
  const day = (days: number) => new Date(app.clock.nowMs() + days * 86_400_000).toISOString().slice(0, 10);
  const booking = await tenant.client.bookings.create.mutate(
    asked(stay(hotel, day(0), day(2)), stay(hotel, day(20), day(22)), stay(hotel, day(0), day(1))),
  );
  const [late = '', early = ''] = booking.lines.map(({ id }) => id);
  const input = { bookingId: booking.id, lineIds: [late, early] };
  const preview = await tenant.client.bookings.cancelPreview.query(input);
  expect(preview.lines.map(({ lineId, fee }) => [lineId, fee])).toEqual([
    [late, 20_000],
    [early, 0],
  ]);
  const cancelled = await tenant.client.bookings.cancel.mutate({ ...input, idempotencyKey: key() });
  expect(cancelled.lines.map(({ state, fee }) => [state, fee])).toEqual([
    ['cancelled', 20_000],
    ['cancelled', 0],
    ['confirmed', 0],
  ]);
});
