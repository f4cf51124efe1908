import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, roomsLeft, stay } from '../../support/stays.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('twins');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client, { physicalRooms: 2 });
});
afterAll(() => app.close());

const twenty = <T>(call: (index: number) => Promise<T>) => Promise.all(Array.from({ length: 20 }, (_, i) => call(i)));
const left = () => roomsLeft(tenant.client, hotel, '2026-05-01', '2026-05-03');
const line = () => stay(hotel, '2026-05-01', '2026-05-03');
const outcome = (call: Promise<{ state: string }>) =>
  call.then(
    ({ state }) => state,
    async (error: unknown) => (await refusalOf(Promise.reject(error))).code,
  );

it('twenty identical calls at once make one booking and get its one answer', async () => {
  const request = asked(line());
  const answers = await twenty(() => tenant.client.bookings.create.mutate(request));
  expect(answers).toEqual(Array(20).fill(answers[0]));
  expect(await left()).toEqual([1, 1]);
  expect((await tenant.client.bookings.list.query({ propertyId: hotel.propertyId })).items).toHaveLength(1);
});

it('of twenty who want the last two rooms at once two get them, and the others are told that they are gone', async () => {
  const outcomes = await twenty(() => outcome(tenant.client.bookings.create.mutate(asked(line()))));
  expect(outcomes.toSorted()).toEqual([...Array(18).fill('NOT_AVAILABLE'), 'confirmed', 'confirmed']);
  expect(await left()).toEqual([0, 0]);
});

it.each([
  ['confirm', 'confirmed', [1, 1]],
  ['cancel', 'cancelled', [2, 2]],
] as const)(
  'of twenty who %s one hold at once one does, and the others are told its state',
  async (move, state, after) => {
    const { id: bookingId } = await tenant.client.bookings.hold.mutate(asked(line()));
    const outcomes = await twenty(() =>
      outcome(tenant.client.bookings[move].mutate({ bookingId, idempotencyKey: key() })),
    );
    expect(outcomes.toSorted()).toEqual([...Array(19).fill('WRONG_STATE'), state]);
    expect(await left()).toEqual(after);
  },
);

it('of twenty who replace one hold at once one does, and nobody else gets in between', async () => {
  const held = await tenant.client.bookings.hold.mutate(asked(line(), line()));
  const [replaced, others] = await Promise.all([
    twenty(() => outcome(tenant.client.bookings.create.mutate({ ...asked(line(), line()), replacesHold: held.id }))),
    twenty(() => outcome(tenant.client.bookings.hold.mutate(asked(line())))),
  ]);
  expect(replaced.filter((one) => one === 'confirmed')).toHaveLength(1);
  expect(new Set(replaced)).toEqual(new Set(['confirmed', 'WRONG_STATE']));
  expect(new Set(others)).toEqual(new Set(['NOT_AVAILABLE']));
});

it('of twenty who give up or take an expired hold’s rooms at once each gets a plain answer', async () => {
  const held = await tenant.client.bookings.hold.mutate({ ...asked(line(), line()), holdMinutes: 1 });
  app.clock.advanceTo(new Date(app.clock.nowMs() + 60_000).toISOString());
  const outcomes = await twenty((index) => {
    const request = {
      ...asked(stay(hotel, '2026-05-02', '2026-05-03')),
      ...(index % 2 ? { replacesHold: held.id } : {}),
    };
    if (index % 4 === 0) {
      return outcome(tenant.client.bookings.cancel.mutate({ bookingId: held.id, idempotencyKey: key() }));
    }
    return outcome(tenant.client.bookings.create.mutate(request));
  });
  expect(outcomes.filter((one) => one === 'confirmed')).toHaveLength(2);
  expect(['cancelled', 'confirmed', 'NOT_AVAILABLE', 'WRONG_STATE']).toEqual(expect.arrayContaining(outcomes));
  expect(await left()).toEqual([2, 0]);
});

it('of twenty who cancel lines of one group at once each line is cancelled once, and the booking knows of all', async () => {
  const group = await tenant.client.bookings.create.mutate(asked(line(), line()));
  await tenant.client.bookings.list.query({});
  const outcomes = await twenty((index) =>
    outcome(
      tenant.client.bookings.cancel.mutate({
        ...{ bookingId: group.id, lineIds: [group.lines[index % 2]?.id ?? ''], idempotencyKey: key() },
      }),
    ),
  );
  expect(outcomes.toSorted()).toEqual([...Array(18).fill('WRONG_STATE'), 'cancelled', 'confirmed']);
  expect(await left()).toEqual([2, 2]);
  expect(await tenant.client.bookings.get.query({ bookingId: group.id })).toMatchObject({ state: 'cancelled' });
});
