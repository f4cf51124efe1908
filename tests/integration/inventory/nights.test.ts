import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../../src/kernel/dates.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, createProperty, createRoomType, type Hotel, holdRoom, key } from '../../support/hotel.ts';
import { storedNights } from '../../support/ledger-state.ts';
import { failingPaths, refusalOf } from '../../support/refusal.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

const TODAY = '2026-03-02';
const HORIZON = addDays(TODAY, 750);
let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '', HORIZON_DAYS: '750' } });
  tenant = await app.tenant('casa');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client);
});
afterAll(() => app.close());

interface Change {
  from: string;
  until: string;
  weekdays?: number[];
  physical?: number;
  overbooking?: number;
}
const setNights = (change: Change, idempotencyKey = key()) =>
  tenant.client.inventory.setNights.mutate({ roomTypeId: hotel.roomTypeId, ...change, idempotencyKey });
const calendar = async (from: string, until: string) =>
  (await tenant.client.inventory.get.query({ roomTypeId: hotel.roomTypeId, from, until })).nights;
const capacities = async (from: string, until: string) =>
  (await calendar(from, until)).map(({ physical, overbooking }) => [physical, overbooking]);
const closeNights = (from: string, until: string) =>
  tenantRows(
    app.database,
    tenant.tenantId,
    'delete from inventory_night where room_type_id = $1 and night >= $2 and night < $3',
    [hotel.roomTypeId, from, until],
  );
const later = (minutes: number) => app.clock.advanceTo(new Date(app.clock.nowMs() + minutes * 60_000).toISOString());

describe('the inventory calendar', () => {
  it('shows what each night has and counts, and closed nights as closed', async () => {
    await setNights({ from: '2026-05-01', until: '2026-05-02', overbooking: 1 });
    await closeNights('2026-05-02', '2026-05-03');
    const room = await tenant.client.rooms.create.mutate({
      roomTypeId: hotel.roomTypeId,
      number: '1',
      idempotencyKey: key(),
    });
    await tenant.client.inventory.block.mutate({
      roomId: room.id,
      from: '2026-05-01',
      until: '2026-05-02',
      kind: 'house_use',
      idempotencyKey: key(),
    });
    await holdRoom(tenant.client, hotel, '2026-05-01', '2026-05-02');
    const confirmed = await holdRoom(tenant.client, hotel, '2026-05-01', '2026-05-02');
    await tenant.client.bookings.confirm.mutate({ bookingId: confirmed.id, idempotencyKey: key() });
    expect(await calendar('2026-05-01', '2026-05-03')).toEqual([
      {
        night: '2026-05-01',
        open: true,
        physical: 2,
        overbooking: 1,
        blocked: 1,
        held: 1,
        sold: 1,
        available: 0,
      },
      {
        night: '2026-05-02',
        open: false,
        physical: 0,
        overbooking: 0,
        blocked: 0,
        held: 0,
        sold: 0,
        available: 0,
      },
    ]);
  });

  it('leaves out holds that have expired, released or not', async () => {
    await holdRoom(tenant.client, hotel, '2026-05-01', '2026-05-03', 5);
    await holdRoom(tenant.client, hotel, '2026-05-02', '2026-05-03', 60);
    later(5);
    const nights = await calendar('2026-05-01', '2026-05-03');
    expect(nights.map(({ held, available }) => [held, available])).toEqual([
      [0, 2],
      [1, 1],
    ]);
    const stored = await storedNights(app.database, tenant.tenantId, hotel.roomTypeId, '2026-05-01', '2026-05-03');
    expect(stored.map(({ held }) => held)).toEqual([1, 2]);
  });

  it('spans up to 400 nights of a room type of the tenant', async () => {
    expect(await calendar('2026-05-01', addDays('2026-05-01', 400))).toHaveLength(400);
    for (const [from, until] of [
      ['2026-05-01', addDays('2026-05-01', 401)],
      ['2026-05-01', '2026-05-01'],
      ['2026-05-01', '2026-05-01T12:00:00Z'],
    ] as const) {
      expect(failingPaths(await refusalOf(calendar(from, until)))).toEqual(['until']);
    }
    const stranger = await app.tenant('reader');
    const foreign = stranger.client.inventory.get.query({
      roomTypeId: hotel.roomTypeId,
      from: '2026-05-01',
      until: '2026-05-02',
    });
    expect(await refusalOf(foreign)).toMatchObject({ httpStatus: 404, fields: [{ path: 'roomTypeId' }] });
  });
});

describe('setting nights', () => {
  it('changes what it names on the weekdays it names, and opens closed nights', async () => {
    await closeNights('2026-05-06', '2026-05-09');
    // 2026-05-04 is a Monday.
    const answer = await setNights({ from: '2026-05-04', until: '2026-05-11', weekdays: [3, 5, 7], physical: 5 });
    expect(answer).toEqual({ roomTypeId: hotel.roomTypeId, nights: 3, opened: 2 });
    await setNights({ from: '2026-05-04', until: '2026-05-11', weekdays: [1, 3], overbooking: 2 });
    expect(await capacities('2026-05-04', '2026-05-11')).toEqual([
      [2, 2],
      [2, 0],
      [5, 2],
      [0, 0],
      [5, 0],
      [2, 0],
      [5, 0],
    ]);
    expect((await calendar('2026-05-07', '2026-05-08'))[0]).toMatchObject({ open: false });
  });

  it('is refused as a whole where more is counted than there would be, naming the nights', async () => {
    await holdRoom(tenant.client, hotel, '2026-05-02', '2026-05-04', 60);
    await holdRoom(tenant.client, hotel, '2026-05-03', '2026-05-05', 60);
    const lower = { from: '2026-05-01', until: '2026-05-10', physical: 0 };
    expect(await refusalOf(setNights({ ...lower, overbooking: 1 }))).toMatchObject({
      httpStatus: 409,
      code: 'BELOW_COMMITTED',
      details: { count: 1, nights: [{ night: '2026-05-03', committed: 2, capacity: 1 }] },
    });
    expect((await refusalOf(setNights(lower))).details.nights).toEqual([
      { night: '2026-05-02', committed: 1, capacity: 0 },
      { night: '2026-05-03', committed: 2, capacity: 0 },
      { night: '2026-05-04', committed: 1, capacity: 0 },
    ]);
    expect(await capacities('2026-05-01', '2026-05-10')).toEqual(Array(9).fill([2, 0]));
    expect(await setNights({ ...lower, overbooking: 2 })).toMatchObject({ nights: 9 });
  });

  it('does not count holds that have expired, and releases them', async () => {
    const held = await holdRoom(tenant.client, hotel, '2026-05-01', '2026-05-05', 5);
    later(5);
    await setNights({ from: '2026-05-02', until: '2026-05-03', physical: 0 });
    const stored = await storedNights(app.database, tenant.tenantId, hotel.roomTypeId, '2026-05-01', '2026-05-05');
    expect(stored.map((night) => [night.physical, night.held])).toEqual([
      [2, 0],
      [0, 0],
      [2, 0],
      [2, 0],
    ]);
    expect(await tenant.client.bookings.get.query({ bookingId: held.id })).toMatchObject({ state: 'expired' });
  });

  it('changes nothing when it is sent again, and conflicts with another body', async () => {
    const idempotencyKey = key();
    const change = { from: '2026-05-01', until: '2026-05-02', physical: 5 };
    const answer = await setNights(change, idempotencyKey);
    await setNights({ ...change, physical: 3 });
    expect(await setNights(change, idempotencyKey)).toEqual(answer);
    expect(await capacities('2026-05-01', '2026-05-02')).toEqual([[3, 0]]);
    expect(await refusalOf(setNights({ ...change, physical: 4 }, idempotencyKey))).toMatchObject({
      httpStatus: 409,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('audits what there was before', async () => {
    await closeNights('2026-05-03', '2026-05-04');
    await setNights({ from: '2026-05-01', until: '2026-05-02', physical: 9 });
    const change = { from: '2026-05-01', until: '2026-05-04', overbooking: 1 };
    await setNights(change);
    const [entry] = await tenantRows(
      app.database,
      tenant.tenantId,
      `select before, after from audit_entry where entity_id = $1 and procedure = 'inventory.setNights'
       order by id desc limit 1`,
      [hotel.roomTypeId],
    );
    expect(entry).toEqual({
      before: {
        opened: ['2026-05-03'],
        nights: [
          { from: '2026-05-01', until: '2026-05-02', physical: 9, overbooking: 0 },
          { from: '2026-05-02', until: '2026-05-03', physical: 2, overbooking: 0 },
        ],
      },
      after: { nights: { roomTypeId: hotel.roomTypeId, ...change } },
    });
  });

  it('reaches from the business date to the end of the horizon', async () => {
    expect(await refusalOf(setNights({ from: addDays(TODAY, -1), until: '2026-05-02', physical: 1 }))).toMatchObject({
      httpStatus: 422,
      code: 'PAST_NIGHTS',
      fields: [{ path: 'from' }],
    });
    expect(await refusalOf(setNights({ from: '2026-05-01', until: addDays(HORIZON, 1), physical: 1 }))).toMatchObject({
      httpStatus: 422,
      code: 'BEYOND_HORIZON',
      fields: [{ path: 'until' }],
    });
    expect(await setNights({ from: TODAY, until: HORIZON, physical: 4 })).toMatchObject({ nights: 750, opened: 0 });
  });

  it('names every failing field at once', async () => {
    const refusal = await refusalOf(
      setNights({ from: '2026-05-02', until: '2026-05-01', weekdays: [8], physical: -1, overbooking: -2 }),
    );
    expect(refusal).toMatchObject({ httpStatus: 400, code: 'INVALID_INPUT' });
    expect(failingPaths(refusal)).toEqual(['overbooking', 'physical', 'until', 'weekdays.0']);
    const fraction = await refusalOf(setNights({ from: '2026-05-01', until: '2026-05-02', physical: 1.5 }));
    expect(failingPaths(fraction)).toEqual(['physical']);
    const nothing = await refusalOf(setNights({ from: '2026-05-02', until: '2026-05-02' }));
    expect(failingPaths(nothing)).toEqual(['physical', 'until']);
    const noSunday = await refusalOf(
      setNights({ from: '2026-05-04', until: '2026-05-06', weekdays: [7], physical: 1 }),
    );
    expect(failingPaths(noSunday)).toEqual(['weekdays']);
  });

  it('treats a foreign room type as one that does not exist', async () => {
    const stranger = await app.tenant('stranger');
    const foreign = await createRoomType(stranger.client, (await createProperty(stranger.client)).id);
    const refusals = await Promise.all(
      [foreign.id, '019cd000-0000-7000-8000-000000000000'].map((roomTypeId) =>
        refusalOf(
          tenant.client.inventory.setNights.mutate({
            roomTypeId,
            from: '2026-05-01',
            until: '2026-05-02',
            physical: 1,
            idempotencyKey: key(),
          }),
        ),
      ),
    );
    expect(refusals[0]).toEqual(refusals[1]);
    expect(refusals[0]).toMatchObject({ httpStatus: 404 });
  });

  it('never falls below what is counted while others book, hold and let go', async () => {
    const range = { from: '2026-06-01', until: '2026-06-08' };
    await setNights({ ...range, physical: 12 });
    const unexpected: string[] = [];
    const attempt = async (call: () => Promise<unknown>, expected: string[]) => {
      const refused = await refusalOf(call()).catch(() => null);
      if (refused && !expected.includes(refused.code)) unexpected.push(`${refused.code}: ${refused.message}`);
    };
    const guest = async (index: number) => {
      const arrival = addDays(range.from, index % 4);
      await attempt(async () => {
        const held = await holdRoom(tenant.client, hotel, arrival, addDays(arrival, 3), 60);
        if (index % 3 === 0) await tenant.client.bookings.cancel.mutate({ bookingId: held.id, idempotencyKey: key() });
      }, ['NOT_AVAILABLE']);
    };
    const manager = (physical: number) => attempt(() => setNights({ ...range, physical }), ['BELOW_COMMITTED']);
    await Promise.all(Array.from({ length: 30 }, (_, i) => (i % 2 ? guest(i) : manager(12 - Math.floor(i / 3)))));
    expect(unexpected).toEqual([]);
    const nights = await storedNights(app.database, tenant.tenantId, hotel.roomTypeId, range.from, range.until);
    expect(nights).toHaveLength(7);
    expect(nights.filter(({ held, sold, physical }) => held + sold > physical)).toEqual([]);
    const committed = Math.max(...nights.map(({ held }) => held));
    expect(await refusalOf(setNights({ ...range, physical: committed - 1 }))).toMatchObject({
      code: 'BELOW_COMMITTED',
    });
  });
});
