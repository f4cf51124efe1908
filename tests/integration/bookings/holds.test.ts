import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel, key } from '../../support/hotel.ts';
import { refusalOf } from '../../support/refusal.ts';
import { asked, roomsLeft, stay } from '../../support/stays.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('holds');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client, { physicalRooms: 1 });
});
afterAll(() => app.close());

const minutesLater = (minutes: number) => new Date(app.clock.nowMs() + minutes * 60_000).toISOString();
const hold = (arrival: string, departure: string, changes: { holdMinutes?: number; replacesHold?: string } = {}) =>
  tenant.client.bookings.hold.mutate({ ...asked(stay(hotel, arrival, departure)), ...changes });
const create = (arrival: string, departure: string, changes: { replacesHold?: string } = {}) =>
  tenant.client.bookings.create.mutate({ ...asked(stay(hotel, arrival, departure)), ...changes });
const confirm = (bookingId: string) => tenant.client.bookings.confirm.mutate({ bookingId, idempotencyKey: key() });
const cancel = (bookingId: string) => tenant.client.bookings.cancel.mutate({ bookingId, idempotencyKey: key() });
const left = (from: string, until: string) => roomsLeft(tenant.client, hotel, from, until);

describe('a hold', () => {
  it('takes its nights for ten minutes unless told otherwise, and becomes a booking when it is confirmed', async () => {
    const held = await hold('2026-05-01', '2026-05-03');
    expect(held).toMatchObject({ state: 'held', holdExpiresAt: minutesLater(10), lines: [{ state: 'held' }] });
    expect(await left('2026-04-30', '2026-05-04')).toEqual([1, 0, 0, 1]);
    const confirmed = await confirm(held.id);
    expect(confirmed).toMatchObject({ state: 'confirmed', holdExpiresAt: null, code: held.code, total: held.total });
    expect(await left('2026-05-01', '2026-05-03')).toEqual([0, 0]);
  });

  it('keeps others out, naming each night that is short', async () => {
    await hold('2026-05-01', '2026-05-03');
    const refused = await refusalOf(create('2026-04-30', '2026-05-03'));
    expect(refused).toMatchObject({ httpStatus: 409, code: 'NOT_AVAILABLE', retryable: false });
    expect(refused.details).toEqual({
      shortages: ['2026-05-01', '2026-05-02'].map((night) => ({
        ...{ roomTypeId: hotel.roomTypeId, night, problem: 'sold_out', available: 0 },
      })),
    });
    expect(await left('2026-04-30', '2026-05-01')).toEqual([1]);
  });

  it('that is cancelled costs nothing and gives its nights back', async () => {
    const held = await hold('2026-05-01', '2026-05-03');
    expect(await cancel(held.id)).toMatchObject({ state: 'cancelled', holdExpiresAt: null, lines: [{ fee: 0 }] });
    expect(await left('2026-05-01', '2026-05-03')).toEqual([1, 1]);
  });
});

describe('a hold whose time is over', () => {
  it('sells again at once, to whoever asks first, and can no longer be confirmed', async () => {
    const held = await hold('2026-05-01', '2026-05-04', { holdMinutes: 5 });
    app.clock.advanceTo(minutesLater(5));
    expect(await left('2026-05-01', '2026-05-04')).toEqual([1, 1, 1]);
    expect(await refusalOf(confirm(held.id))).toMatchObject({ httpStatus: 409, code: 'HOLD_EXPIRED' });
    expect(await create('2026-05-02', '2026-05-03')).toMatchObject({ state: 'confirmed' });
    expect(await refusalOf(confirm(held.id))).toMatchObject({ code: 'HOLD_EXPIRED' });
    expect(await tenant.client.bookings.get.query({ bookingId: held.id })).toMatchObject({
      ...{ state: 'expired', holdExpiresAt: null },
      lines: [{ state: 'expired', countedUntil: '2026-05-01' }],
    });
    expect(await left('2026-05-01', '2026-05-04')).toEqual([1, 0, 1]);
  });

  it('can be confirmed up to its last millisecond', async () => {
    const held = await hold('2026-05-01', '2026-05-02', { holdMinutes: 5 });
    app.clock.advanceTo(new Date(Date.parse(held.holdExpiresAt ?? '') - 1).toISOString());
    expect(await confirm(held.id)).toMatchObject({ state: 'confirmed' });
  });
});

describe('a hold never blocks its owner', () => {
  it('who books the last room that it holds, and a quote says so', async () => {
    const held = await hold('2026-05-01', '2026-05-04');
    const lines = [stay(hotel, '2026-05-02', '2026-05-05')];
    const quoted = (replacesHold?: string) =>
      tenant.client.bookings.quote.query({ lines, ...(replacesHold ? { replacesHold } : {}) });
    expect((await quoted()).bookable).toBe(false);
    expect((await quoted(held.id)).bookable).toBe(true);
    const booked = await create('2026-05-02', '2026-05-05', { replacesHold: held.id });
    expect(booked.state).toBe('confirmed');
    expect(await tenant.client.bookings.get.query({ bookingId: held.id })).toMatchObject({ state: 'cancelled' });
    expect(await left('2026-05-01', '2026-05-05')).toEqual([1, 0, 0, 0]);
  });

  it('who takes another hold, nor gives anything up when that is refused', async () => {
    await create('2026-05-04', '2026-05-05');
    const held = await hold('2026-05-01', '2026-05-03');
    const refused = await refusalOf(hold('2026-05-02', '2026-05-05', { replacesHold: held.id }));
    expect(refused.details).toMatchObject({ shortages: [{ night: '2026-05-04' }] });
    const moved = await hold('2026-05-02', '2026-05-04', { replacesHold: held.id });
    expect(await left('2026-05-01', '2026-05-05')).toEqual([1, 0, 0, 0]);
    expect(await confirm(moved.id)).toMatchObject({ state: 'confirmed' });
  });

  it('when its time is over, or only some of its rooms are still held', async () => {
    const over = await hold('2026-05-01', '2026-05-02', { holdMinutes: 1 });
    app.clock.advanceTo(minutesLater(1));
    expect(await create('2026-05-01', '2026-05-02', { replacesHold: over.id })).toMatchObject({ state: 'confirmed' });

    const two = await tenant.client.bookings.hold.mutate(
      asked(stay(hotel, '2026-06-01', '2026-06-02'), stay(hotel, '2026-06-03', '2026-06-04')),
    );
    const [first] = two.lines;
    await tenant.client.bookings.cancel.mutate({
      ...{ bookingId: two.id, lineIds: [first?.id ?? ''], idempotencyKey: key() },
    });
    expect(await create('2026-06-03', '2026-06-05', { replacesHold: two.id })).toMatchObject({ state: 'confirmed' });
    expect(await left('2026-06-01', '2026-06-05')).toEqual([1, 1, 0, 0]);
  });

  it('but is given up once only, and only a hold can be', async () => {
    const held = await hold('2026-05-01', '2026-05-02');
    await hold('2026-05-03', '2026-05-04', { replacesHold: held.id });
    const again = await refusalOf(hold('2026-05-05', '2026-05-06', { replacesHold: held.id }));
    expect(again).toMatchObject({ code: 'WRONG_STATE', details: { state: 'cancelled' } });
    const booked = await create('2026-05-07', '2026-05-08');
    const refused = await refusalOf(create('2026-05-07', '2026-05-08', { replacesHold: booked.id }));
    expect(refused).toMatchObject({ code: 'WRONG_STATE', details: { state: 'confirmed' } });
    expect(await left('2026-05-05', '2026-05-08')).toEqual([1, 1, 0]);
  });
});
