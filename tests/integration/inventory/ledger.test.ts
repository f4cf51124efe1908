import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockNights, moveNights, type NightChange, sweepAllHolds } from '../../../src/features/inventory/index.ts';
import { AppError } from '../../../src/kernel/app-error.ts';
import { addDays, nightsOf } from '../../../src/kernel/dates.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, createRoomType, type Hotel, holdRoom } from '../../support/hotel.ts';
import { storedNights } from '../../support/ledger-state.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '', DATABASE_POOL_SIZE: '12' } });
  tenant = await app.tenant('casa');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client);
});
afterAll(() => app.close());

let moved: NightChange[] = [];
const move = async (changes: NightChange[], tenantId = tenant.tenantId) => {
  await app.application.database.transaction(newScope(tenantId), ({ sql }) =>
    moveNights(sql, changes, { bookings: [], nowIso: app.clock.nowIso() }),
  );
  moved.push(...changes);
};
// No booking stands behind these moves, so none may be left when the ledger is verified.
afterEach(async () => {
  const back = moved.map(({ roomTypeId, night, held = 0, sold = 0, blocked = 0 }) => ({
    roomTypeId,
    night,
    held: -held,
    sold: -sold,
    blocked: -blocked,
  }));
  await move(back);
  moved = [];
});
const stay = (from: string, until: string, counters: Omit<NightChange, 'roomTypeId' | 'night'>): NightChange[] =>
  nightsOf(from, until).map((night) => ({ roomTypeId: hotel.roomTypeId, night, ...counters }));
const stored = async (from: string, until: string) =>
  (await storedNights(app.database, tenant.tenantId, hotel.roomTypeId, from, until)).map(({ held, sold, blocked }) => [
    held,
    sold,
    blocked,
  ]);
const shortageOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => {
      if (!(error instanceof AppError)) throw error;
      return { kind: error.kind, code: error.code, ...error.details };
    },
  );

describe('moving nights', () => {
  it('adds up what concerns the same night, and leaves out nights on which nothing changes', async () => {
    await move([
      ...stay('2026-05-01', '2026-05-03', { held: 1 }),
      ...stay('2026-05-02', '2026-05-04', { held: 1 }),
      ...stay('2026-05-03', '2026-05-04', { held: -1 }),
      // Closed, and so refused if it were not for its sum.
      ...stay('2036-05-03', '2036-05-04', { held: -1, sold: 1 }),
      ...stay('2036-05-03', '2036-05-04', { held: 1, sold: -1 }),
    ]);
    expect(await stored('2026-05-01', '2026-05-05')).toEqual([
      [1, 0, 0],
      [2, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('turns held into sold on a night that is full', async () => {
    await move(stay('2026-05-01', '2026-05-02', { held: 2 }));
    await move(stay('2026-05-01', '2026-05-02', { held: -1, sold: 1 }));
    expect(await stored('2026-05-01', '2026-05-02')).toEqual([[1, 1, 0]]);
  });

  it('names every night that is closed or sold out, and takes none', async () => {
    const { roomTypeId } = hotel;
    await move(stay('2026-05-02', '2026-05-03', { sold: 2 }));
    await move(stay('2026-05-04', '2026-05-05', { blocked: 1 }));
    const last = addDays('2026-03-02', 750 - 1);
    const refused = await shortageOf(
      move([...stay('2026-05-01', '2026-05-06', { held: 2 }), ...stay(last, addDays(last, 2), { held: 1 })]),
    );
    expect(refused).toEqual({
      kind: 'conflict',
      code: 'NOT_AVAILABLE',
      shortages: [
        { roomTypeId, night: '2026-05-02', problem: 'sold_out', available: 0 },
        { roomTypeId, night: '2026-05-04', problem: 'sold_out', available: 1 },
        { roomTypeId, night: addDays(last, 1), problem: 'closed', available: 0 },
      ],
    });
    expect(await stored('2026-05-01', '2026-05-06')).toEqual([
      [0, 0, 0],
      [0, 2, 0],
      [0, 0, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
  });

  it("can't reach another tenant's nights", async () => {
    const stranger = await app.tenant('stranger');
    const refused = await shortageOf(move(stay('2026-05-01', '2026-05-02', { sold: 1 }), stranger.tenantId));
    expect(refused).toMatchObject({ shortages: [{ problem: 'closed', available: 0 }] });
    expect(await stored('2026-05-01', '2026-05-02')).toEqual([[0, 0, 0]]);
  });

  it('neither deadlocks nor oversells when many take the same nights in other orders', async () => {
    const suite = (await createRoomType(tenant.client, hotel.propertyId)).id;
    const from = '2026-06-01';
    const both = nightsOf(from, addDays(from, 15)).flatMap((night) => [
      { roomTypeId: hotel.roomTypeId, night, held: 1 },
      { roomTypeId: suite, night, held: 1 },
    ]);
    const faults: string[] = [];
    const taken = await Promise.all(
      Array.from({ length: 24 }, (_, index) => {
        const changes = index % 2 ? both.toReversed() : both.toSpliced(0, index);
        return move(changes).then(
          () => true,
          (error) => {
            if (!(error instanceof AppError) || error.code !== 'NOT_AVAILABLE') faults.push(String(error));
            return false;
          },
        );
      }),
    );
    expect(faults).toEqual([]);
    expect(taken.filter(Boolean)).toHaveLength(2);
    const last = await storedNights(app.database, tenant.tenantId, suite, addDays(from, 14), addDays(from, 15));
    expect(last).toMatchObject([{ held: 2 }]);
  });
});

describe('locking nights', () => {
  it('keeps others from moving them until the transaction ends', async () => {
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const { promise: locked, resolve: isLocked } = Promise.withResolvers<void>();
    const events: string[] = [];
    const keys = stay('2026-05-01', '2026-05-03', {});
    const holder = app.application.database.transaction(newScope(tenant.tenantId), async ({ sql }) => {
      await lockNights(sql, keys);
      isLocked();
      await mayEnd;
      events.push('released');
    });
    await locked;
    const waiter = move(stay('2026-05-02', '2026-05-04', { held: 1 })).then(() => events.push('moved'));
    // Other nights are free, and this answer comes after the waiter has been sent.
    await move(stay('2026-05-03', '2026-05-04', { held: 1 }));
    end();
    await Promise.all([holder, waiter]);
    expect(events).toEqual(['released', 'moved']);
  });
});

describe('expired holds', () => {
  it('are released by whoever takes their nights, in whole', async () => {
    await holdRoom(tenant.client, hotel, '2026-05-01', '2026-05-04', 5);
    await move(stay('2026-05-01', '2026-05-04', { sold: 1 }));
    const another = () => shortageOf(move(stay('2026-05-03', '2026-05-05', { sold: 1 })));
    expect(await another()).toMatchObject({ code: 'NOT_AVAILABLE' });
    app.clock.advanceTo(new Date(app.clock.nowMs() + 5 * 60_000).toISOString());
    expect(await another()).toBeNull();
    expect(await stored('2026-05-01', '2026-05-05')).toEqual([
      [0, 1, 0],
      [0, 1, 0],
      [0, 2, 0],
      [0, 1, 0],
    ]);
  });

  it('are all released by the sweep, of every tenant, and live ones are not', async () => {
    const stranger = await app.tenant('sweeper');
    const theirs = await createHotel(stranger.client);
    await holdRoom(stranger.client, theirs, '2026-05-01', '2026-05-02', 5);
    for (const arrival of ['2026-05-01', '2026-05-02', '2026-05-03']) {
      await holdRoom(tenant.client, hotel, arrival, addDays(arrival, 1), 5);
      await holdRoom(tenant.client, hotel, arrival, addDays(arrival, 1), 60);
    }
    app.clock.advanceTo(new Date(app.clock.nowMs() + 5 * 60_000).toISOString());
    expect(await sweepAllHolds(app.application.database, app.clock, 2)).toBe(4);
    expect(await sweepAllHolds(app.application.database, app.clock, 2)).toBe(0);
    expect(await stored('2026-05-01', '2026-05-04')).toEqual(Array(3).fill([1, 0, 0]));
    expect(
      await storedNights(app.database, stranger.tenantId, theirs.roomTypeId, '2026-05-01', '2026-05-02'),
    ).toMatchObject([{ held: 0 }]);
  });
});
