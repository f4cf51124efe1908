import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../../src/kernel/dates.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, createRoomType, type Hotel, holdRoom, key } from '../../support/hotel.ts';
import { nightsOutOfStep, storedNights } from '../../support/ledger-state.ts';
import { failingPaths, type Refusal, refusalOf } from '../../support/refusal.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
let rooms: string[];
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '', DATABASE_POOL_SIZE: '16' } });
  tenant = await app.tenant('casa');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client);
  rooms = [];
  for (const number of ['101', '102', '103']) {
    const { id } = await tenant.client.rooms.create.mutate({
      roomTypeId: hotel.roomTypeId,
      number,
      idempotencyKey: key(),
    });
    rooms.push(id);
  }
});
afterEach(async () => {
  expect(await nightsOutOfStep(app.database, tenant.tenantId)).toEqual([]);
});
afterAll(() => app.close());

const block = (room: number, from: string, until: string, idempotencyKey = key()) =>
  tenant.client.inventory.block.mutate({
    roomId: rooms[room] ?? '',
    from,
    until,
    kind: 'out_of_order',
    note: 'Painting',
    idempotencyKey,
  });
const unblock = (blockId: string, idempotencyKey = key()) =>
  tenant.client.inventory.unblock.mutate({ blockId, idempotencyKey });
const blocked = async (from: string, until: string) =>
  (await storedNights(app.database, tenant.tenantId, hotel.roomTypeId, from, until)).map((night) => night.blocked);
const blocksOf = async (filter: { roomId?: string; roomTypeId?: string; from?: string; until?: string }) =>
  (await tenant.client.inventory.blocks.query(filter)).items;

describe('blocking a room', () => {
  it('takes its nights out of sale, half-open, and shows the block', async () => {
    const made = await block(0, '2026-05-01', '2026-05-03');
    expect(made).toMatchObject({
      roomId: rooms[0],
      roomTypeId: hotel.roomTypeId,
      roomNumber: '101',
      kind: 'out_of_order',
      from: '2026-05-01',
      until: '2026-05-03',
      note: 'Painting',
      createdAt: '2026-03-02T12:00:00.000Z',
    });
    expect(await blocked('2026-04-30', '2026-05-04')).toEqual([0, 1, 1, 0]);
    expect(await blocksOf({ roomTypeId: hotel.roomTypeId })).toEqual([made]);
    await block(0, '2026-05-03', '2026-05-04');
    expect(await blocked('2026-04-30', '2026-05-04')).toEqual([0, 1, 1, 1]);
  });

  it('is refused where the room has a block, also when its type is then sold out', async () => {
    await block(0, '2026-05-01', '2026-05-03');
    expect(await refusalOf(block(0, '2026-05-02', '2026-05-05'))).toMatchObject({
      httpStatus: 409,
      code: 'ROOM_OCCUPIED',
    });
    await block(1, '2026-05-01', '2026-05-03');
    const full = await refusalOf(block(0, '2026-05-02', '2026-05-05'));
    expect(full).toMatchObject({
      httpStatus: 409,
      code: 'ROOM_OCCUPIED',
      details: { occupied: [{ kind: 'out_of_order', from: '2026-05-01', until: '2026-05-03' }] },
    });
    expect(await blocked('2026-05-01', '2026-05-05')).toEqual([2, 2, 0, 0]);
  });

  it('is refused where no room of its type is left, naming the nights', async () => {
    await holdRoom(tenant.client, hotel, '2026-05-01', '2026-05-03', 60);
    await holdRoom(tenant.client, hotel, '2026-05-02', '2026-05-03', 60);
    const { roomTypeId } = hotel;
    expect(await refusalOf(block(0, '2026-05-01', '2026-05-04'))).toMatchObject({
      httpStatus: 409,
      code: 'NOT_AVAILABLE',
      details: { shortages: [{ roomTypeId, night: '2026-05-02', problem: 'sold_out', available: 0 }] },
    });
    expect(await blocked('2026-05-01', '2026-05-04')).toEqual([0, 0, 0]);
    expect(await blocksOf({ roomTypeId })).toEqual([]);
  });

  it('changes nothing when it is sent again, and conflicts with another body', async () => {
    const idempotencyKey = key();
    const made = await block(0, '2026-05-01', '2026-05-03', idempotencyKey);
    expect(await block(0, '2026-05-01', '2026-05-03', idempotencyKey)).toEqual(made);
    expect(await blocked('2026-05-01', '2026-05-03')).toEqual([1, 1]);
    expect(await refusalOf(block(1, '2026-05-01', '2026-05-03', idempotencyKey))).toMatchObject({
      httpStatus: 409,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    const undo = key();
    const released = await unblock(made.id, undo);
    expect(await unblock(made.id, undo)).toEqual(released);
    expect(await refusalOf(unblock(made.id))).toMatchObject({ httpStatus: 404 });
    expect(await blocked('2026-05-01', '2026-05-03')).toEqual([0, 0]);
  });

  it('names every failing field at once, and refuses past nights and rooms it does not know', async () => {
    const bad = tenant.client.inventory.block.mutate({
      roomId: 'x',
      from: '2026-05-02',
      until: '2026-05-01',
      kind: 'holiday',
      note: '',
      idempotencyKey: 'short',
    } as never);
    const refusal = await refusalOf(bad);
    expect(refusal).toMatchObject({ httpStatus: 400, code: 'INVALID_INPUT' });
    expect(failingPaths(refusal)).toEqual(['idempotencyKey', 'kind', 'note', 'roomId', 'until']);
    expect(await refusalOf(block(0, '2026-03-01', '2026-03-04'))).toMatchObject({ code: 'PAST_NIGHTS' });

    const stranger = await app.tenant('stranger');
    const made = await block(0, '2026-05-01', '2026-05-03');
    const theirs = (roomId: string, blockId: string): Promise<Refusal[]> =>
      Promise.all(
        [
          stranger.client.inventory.block.mutate({
            roomId,
            from: '2026-06-01',
            until: '2026-06-02',
            kind: 'house_use',
            idempotencyKey: key(),
          }),
          stranger.client.inventory.unblock.mutate({ blockId, idempotencyKey: key() }),
        ].map(refusalOf),
      );
    const unknown = '019cd000-0000-7000-8000-000000000000';
    const foreign = await theirs(made.roomId, made.id);
    expect(foreign).toEqual(await theirs(unknown, unknown));
    expect(foreign.map(({ httpStatus }) => httpStatus)).toEqual([404, 404]);
    expect((await stranger.client.inventory.blocks.query({ roomId: made.roomId })).items).toEqual([]);
  });

  it('audits the block and its end', async () => {
    const made = await block(0, '2026-05-01', '2026-05-03');
    await unblock(made.id);
    const audit = await tenantRows(
      app.database,
      tenant.tenantId,
      'select procedure, before, after from audit_entry where entity_id = $1 order by procedure',
      [made.id],
    );
    expect(audit).toEqual([
      { procedure: 'inventory.block', before: null, after: made },
      { procedure: 'inventory.unblock', before: made, after: null },
    ]);
  });
});

describe('the list of blocks', () => {
  it('narrows to a type, a room and dates, and pages by first night', async () => {
    const suite = await createRoomType(tenant.client, hotel.propertyId, { name: 'Suite' });
    const late = await block(0, '2026-05-20', '2026-05-22');
    const early = await block(1, '2026-05-01', '2026-05-03');
    const middle = await block(0, '2026-05-10', '2026-05-12');
    const { roomTypeId } = hotel;
    expect(await blocksOf({ roomTypeId })).toEqual([early, middle, late]);
    expect(await blocksOf({ roomId: rooms[0] ?? '' })).toEqual([middle, late]);
    expect(await blocksOf({ roomTypeId, from: '2026-05-03', until: '2026-05-20' })).toEqual([middle]);
    expect(await blocksOf({ roomTypeId, from: '2026-05-02', until: '2026-05-21' })).toEqual([early, middle, late]);
    expect(await blocksOf({ roomTypeId: suite.id })).toEqual([]);
    const first = await tenant.client.inventory.blocks.query({ roomTypeId, limit: 2 });
    const rest = await tenant.client.inventory.blocks.query({ roomTypeId, limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...rest.items]).toEqual([early, middle, late]);
    expect(failingPaths(await refusalOf(tenant.client.inventory.blocks.query({})))).toEqual(['roomTypeId']);
  });
});

describe('several clients at once', () => {
  it('get one block of a room between them, and one end of it', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => block(0, '2026-05-01', addDays('2026-05-02', index))),
    );
    const made = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    expect(made).toHaveLength(1);
    const refusals = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason.data.code] : []));
    expect(new Set(refusals)).toEqual(new Set(['ROOM_OCCUPIED']));

    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => unblock(made[0]?.id ?? '')));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends) if (end.status === 'rejected') expect(end.reason.data.code).toBe('NOT_FOUND');
    expect(await blocked('2026-05-01', '2026-05-10')).toEqual(Array(9).fill(0));
  });

  it('keep ledger and blocks in step while they block, unblock, hold and cancel on the same nights', async () => {
    const expected = ['ROOM_OCCUPIED', 'NOT_AVAILABLE', 'NOT_FOUND'];
    const unexpected: string[] = [];
    let done = 0;
    const attempt = async <T>(call: Promise<T>): Promise<T | null> => {
      try {
        const answer = await call;
        done += 1;
        return answer;
      } catch (error) {
        const refused = await refusalOf(Promise.reject(error));
        if (!expected.includes(refused.code)) unexpected.push(`${refused.code}: ${refused.message}`);
        return null;
      }
    };
    const client = async (seed: number) => {
      for (let step = 0; step < 6; step++) {
        const from = addDays('2026-07-01', (seed * 5 + step * 3) % 6);
        const until = addDays(from, 1 + ((seed + step) % 4));
        if (seed % 3 === 0) {
          const held = await attempt(holdRoom(tenant.client, hotel, from, until, 60));
          if (held && step % 2) {
            await attempt(tenant.client.bookings.cancel.mutate({ bookingId: held.id, idempotencyKey: key() }));
          }
        } else {
          const made = await attempt(block((seed + step) % 3, from, until));
          if (made) await Promise.all([attempt(unblock(made.id)), ...(step % 2 ? [attempt(unblock(made.id))] : [])]);
        }
      }
    };
    await Promise.all(Array.from({ length: 10 }, (_, seed) => client(seed)));
    expect(unexpected).toEqual([]);
    expect(done).toBeGreaterThan(10);
    const nights = await storedNights(app.database, tenant.tenantId, hotel.roomTypeId, '2026-07-01', '2026-07-10');
    expect(nights.map(({ blocked: left }) => left)).toEqual(Array(9).fill(0));
    expect(nights.filter(({ held, sold, physical }) => held + sold > physical)).toEqual([]);
  });
});

// Last, since they move the clock on.
describe('unblocking', () => {
  it('gives back the nights from the business date on and keeps those before', async () => {
    const made = await block(0, '2026-03-02', '2026-03-08');
    const ahead = await block(1, '2026-03-06', '2026-03-08');
    app.clock.advanceTo('2026-03-05T03:30:00.000Z');
    expect(await unblock(made.id)).toEqual({
      blockId: made.id,
      roomId: rooms[0],
      releasedFrom: '2026-03-04',
      releasedUntil: '2026-03-08',
    });
    expect(await blocked('2026-03-02', '2026-03-08')).toEqual([1, 1, 0, 0, 1, 1]);
    expect(await blocksOf({ roomId: made.roomId })).toEqual([{ ...made, until: '2026-03-04' }]);
    expect(await refusalOf(unblock(made.id))).toMatchObject({ httpStatus: 409, code: 'BLOCK_IS_OVER' });
    expect(await unblock(ahead.id)).toMatchObject({ releasedFrom: '2026-03-06' });
    expect(await blocksOf({ roomId: ahead.roomId })).toEqual([]);
    expect(await block(0, '2026-03-04', '2026-03-08')).toMatchObject({ from: '2026-03-04' });
  });

  it('gives back nights of a block that has begun once, however many ask at once', async () => {
    const made = await block(0, '2026-03-04', '2026-03-10');
    await block(1, '2026-03-04', '2026-03-10');
    app.clock.advanceTo('2026-03-06T12:00:00.000Z');
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => unblock(made.id)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends) {
      if (end.status === 'rejected') expect(['NOT_FOUND', 'BLOCK_IS_OVER']).toContain(end.reason.data.code);
    }
    expect(await blocked('2026-03-04', '2026-03-10')).toEqual([2, 2, 1, 1, 1, 1]);
  });
});
