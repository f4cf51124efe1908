import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, createRoomType, type Hotel, key } from '../../support/hotel.ts';
import { failingPaths, refusalOf } from '../../support/refusal.ts';

let app: TestApp;
let tenant: TestTenant;
let stranger: TestTenant;
let hotel: Hotel;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('casa');
  stranger = await app.tenant('stranger');
});
beforeEach(async () => {
  hotel = await createHotel(tenant.client);
});
afterAll(() => app.close());

const addRoom = (number: string, roomTypeId = hotel.roomTypeId, idempotencyKey = key()) =>
  tenant.client.rooms.create.mutate({ roomTypeId, number, idempotencyKey });

describe('a room', () => {
  it('has a number of its own in the property, whatever its type, also after a change', async () => {
    const suite = await createRoomType(tenant.client, hotel.propertyId, { name: 'Suite' });
    const taken = await addRoom('101');
    const other = await addRoom('102', suite.id);
    const again = await refusalOf(addRoom('101', suite.id));
    expect(again).toMatchObject({ httpStatus: 409, code: 'ROOM_NUMBER_TAKEN' });
    expect(failingPaths(again)).toEqual(['number']);
    const renamed = tenant.client.rooms.update.mutate({ roomId: other.id, number: '101', idempotencyKey: key() });
    expect(await refusalOf(renamed)).toMatchObject({ httpStatus: 409, code: 'ROOM_NUMBER_TAKEN' });

    const elsewhere = await createHotel(tenant.client);
    expect(await addRoom('101', elsewhere.roomTypeId)).toMatchObject({ number: '101' });
    const { items } = await tenant.client.rooms.list.query({ propertyId: hotel.propertyId });
    expect(items).toEqual([taken, other]);
  });

  it('is made once, however often the call is sent again', async () => {
    const idempotencyKey = key();
    const room = await addRoom('101', hotel.roomTypeId, idempotencyKey);
    expect(await addRoom('101', hotel.roomTypeId, idempotencyKey)).toEqual(room);
    expect(await refusalOf(addRoom('102', hotel.roomTypeId, idempotencyKey))).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect((await tenant.client.rooms.list.query({ propertyId: hotel.propertyId })).items).toEqual([room]);
  });

  it('goes out of use only without a stay or block that is still to come', async () => {
    const room = await addRoom('101');
    const block = await tenant.client.inventory.block.mutate({
      roomId: room.id,
      from: '2026-03-10',
      until: '2026-03-12',
      kind: 'out_of_order',
      idempotencyKey: key(),
    });
    const retire = () => tenant.client.rooms.update.mutate({ roomId: room.id, active: false, idempotencyKey: key() });
    expect(await refusalOf(retire())).toMatchObject({
      httpStatus: 409,
      code: 'ROOM_IN_USE',
      details: { lastNight: '2026-03-11' },
    });
    await tenant.client.inventory.unblock.mutate({ blockId: block.id, idempotencyKey: key() });
    expect(await retire()).toEqual({ ...room, active: false });
    const { propertyId } = hotel;
    expect((await tenant.client.rooms.list.query({ propertyId, active: true })).items).toEqual([]);
    const blocked = tenant.client.inventory.block.mutate({
      roomId: room.id,
      from: '2026-03-10',
      until: '2026-03-12',
      kind: 'house_use',
      idempotencyKey: key(),
    });
    expect(await refusalOf(blocked)).toMatchObject({ httpStatus: 409, code: 'ROOM_INACTIVE' });
  });

  it('is unknown to other tenants, as is its type', async () => {
    const room = await addRoom('101');
    const rename = stranger.client.rooms.update.mutate({ roomId: room.id, number: '1', idempotencyKey: key() });
    expect(await refusalOf(rename)).toMatchObject({ httpStatus: 404, fields: [{ path: 'roomId' }] });
    const add = stranger.client.rooms.create.mutate({
      roomTypeId: hotel.roomTypeId,
      number: '7',
      idempotencyKey: key(),
    });
    expect(await refusalOf(add)).toMatchObject({ httpStatus: 404, fields: [{ path: 'roomTypeId' }] });
    expect(await stranger.client.rooms.list.query({ propertyId: hotel.propertyId })).toEqual({
      items: [],
      nextCursor: null,
    });
  });
});

describe('the list of rooms', () => {
  it('pages by number and narrows to a type', async () => {
    const suite = await createRoomType(tenant.client, hotel.propertyId, { name: 'Suite' });
    for (const number of ['103', '101', '105', '102']) await addRoom(number);
    await addRoom('104', suite.id);
    const { propertyId } = hotel;
    const first = await tenant.client.rooms.list.query({ propertyId, limit: 3 });
    expect(first.items.map(({ number }) => number)).toEqual(['101', '102', '103']);
    const rest = await tenant.client.rooms.list.query({ propertyId, limit: 3, cursor: first.nextCursor ?? '' });
    expect(rest.items.map(({ number }) => number)).toEqual(['104', '105']);
    expect(rest.nextCursor).toBeNull();
    const nul = Buffer.from(JSON.stringify(['1\u0000'])).toString('base64url');
    expect(await refusalOf(tenant.client.rooms.list.query({ propertyId, cursor: nul }))).toMatchObject({
      httpStatus: 400,
      code: 'INVALID_CURSOR',
    });
    const suites = await tenant.client.rooms.list.query({ propertyId, roomTypeId: suite.id });
    expect(suites.items.map(({ number }) => number)).toEqual(['104']);
  });
});
