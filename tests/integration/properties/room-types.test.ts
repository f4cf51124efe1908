import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollHorizon } from '../../../src/features/inventory/index.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createProperty, createRoomType, key } from '../../support/hotel.ts';
import { failingPaths, refusalOf } from '../../support/refusal.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

const HORIZON = 750;
const DAY_MS = 86_400_000;
let app: TestApp;
let tenant: TestTenant;
let stranger: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '', HORIZON_DAYS: String(HORIZON) } });
  tenant = await app.tenant('casa');
  stranger = await app.tenant('stranger');
});
afterAll(() => app.close());

const nightsOf = async (roomTypeId: string) => {
  const [row] = await tenantRows<{ first: string; last: string; nights: number; until: string }>(
    app.database,
    tenant.tenantId,
    `select min(night)::text as first, max(night)::text as last, count(*)::integer as nights,
       (select inventory_until::text from room_type where id = $1) as until
     from inventory_night where room_type_id = $1`,
    [roomTypeId],
  );
  return row;
};
const roll = () => rollHorizon(app.application.database, app.clock, HORIZON);

describe('a new room type', () => {
  it('is open from the business date of its property to the end of the horizon', async () => {
    // Noon UTC is the next day's 02:00 on Kiritimati, before the hotel's day starts, and 03:00 with a day from 02:00 on.
    const late = await createProperty(tenant.client, { timeZone: 'Pacific/Kiritimati' });
    const early = await createProperty(tenant.client, { timeZone: 'Pacific/Kiritimati', dayStartsAt: '02:00' });
    const [ofLate, ofEarly] = await Promise.all([late, early].map(({ id }) => createRoomType(tenant.client, id)));
    expect(await nightsOf(ofLate?.id ?? '')).toEqual({
      first: '2026-03-02',
      last: '2028-03-20',
      nights: HORIZON,
      until: '2028-03-21',
    });
    expect(await nightsOf(ofEarly?.id ?? '')).toMatchObject({ first: '2026-03-03', last: '2028-03-21' });
  });

  it('is made once and shown as it was made', async () => {
    const { id: propertyId } = await createProperty(tenant.client);
    const idempotencyKey = key();
    const made = await createRoomType(tenant.client, propertyId, { idempotencyKey, overbookingLimit: 1 });
    expect(await createRoomType(tenant.client, propertyId, { idempotencyKey, overbookingLimit: 1 })).toEqual(made);
    const reused = await refusalOf(createRoomType(tenant.client, propertyId, { idempotencyKey, overbookingLimit: 2 }));
    expect(reused.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await tenant.client.roomTypes.get.query({ roomTypeId: made.id })).toEqual(made);
    expect(await tenant.client.roomTypes.list.query({ propertyId })).toEqual({ items: [made], nextCursor: null });
  });

  it('needs a property of the same tenant', async () => {
    const { id: propertyId } = await createProperty(tenant.client);
    const refusal = await refusalOf(createRoomType(stranger.client, propertyId));
    expect(refusal).toMatchObject({ httpStatus: 404, code: 'NOT_FOUND' });
    expect(failingPaths(refusal)).toEqual(['propertyId']);
    expect((await tenant.client.roomTypes.list.query({ propertyId })).items).toEqual([]);
  });

  it('names every failing field at once', async () => {
    const { id: propertyId } = await createProperty(tenant.client);
    const refusal = await refusalOf(
      createRoomType(tenant.client, propertyId, { name: '', maxAdults: 0, maxChildren: -1, physicalRooms: 1.5 }),
    );
    expect(failingPaths(refusal)).toEqual(['maxAdults', 'maxChildren', 'name', 'physicalRooms']);
    for (const maxOccupancy of [1, 5]) {
      const crossed = createRoomType(tenant.client, propertyId, { maxAdults: 2, maxChildren: 2, maxOccupancy });
      expect(await refusalOf(crossed)).toMatchObject({ httpStatus: 400, fields: [{ path: 'maxOccupancy' }] });
    }
  });
});

describe('changing a room type', () => {
  it('changes what new nights start with, not the nights that are open', async () => {
    const { id: propertyId } = await createProperty(tenant.client);
    const before = await createRoomType(tenant.client, propertyId);
    const { id: roomTypeId } = before;
    const changes = { physicalRooms: 7, overbookingLimit: 2, description: 'With a view' };
    const after = await tenant.client.roomTypes.update.mutate({ roomTypeId, ...changes, idempotencyKey: key() });
    expect(after).toEqual({ ...before, ...changes });

    app.clock.advanceTo(new Date(app.clock.nowMs() + 3 * DAY_MS).toISOString());
    await roll();
    const rows = await tenantRows<{ physical: number; overbooking: number; nights: number }>(
      app.database,
      tenant.tenantId,
      `select physical, overbooking, count(*)::integer as nights from inventory_night
       where room_type_id = $1 group by 1, 2 order by 3`,
      [roomTypeId],
    );
    expect(rows).toEqual([
      { physical: 7, overbooking: 2, nights: 3 },
      { physical: 2, overbooking: 0, nights: HORIZON },
    ]);
  });

  it('refuses a capacity that does not add up with what is kept', async () => {
    const { id: propertyId } = await createProperty(tenant.client);
    const { id: roomTypeId } = await createRoomType(tenant.client, propertyId);
    const refusal = await refusalOf(
      tenant.client.roomTypes.update.mutate({ roomTypeId, maxAdults: 3, idempotencyKey: key() }),
    );
    expect(failingPaths(refusal)).toEqual(['maxOccupancy']);
    expect(await tenant.client.roomTypes.get.query({ roomTypeId })).toMatchObject({ maxAdults: 2 });
  });

  it('answers for a foreign room type as for one that does not exist', async () => {
    const { id: propertyId } = await createProperty(tenant.client);
    const { id } = await createRoomType(tenant.client, propertyId);
    const calls = (roomTypeId: string) => [
      stranger.client.roomTypes.get.query({ roomTypeId }),
      stranger.client.roomTypes.update.mutate({ roomTypeId, name: 'Mine', idempotencyKey: key() }),
    ];
    const foreign = await Promise.all(calls(id).map(refusalOf));
    const unknown = await Promise.all(calls('019cd000-0000-7000-8000-000000000000').map(refusalOf));
    expect(foreign).toEqual(unknown);
    expect(foreign.map(({ httpStatus }) => httpStatus)).toEqual([404, 404]);
  });
});

describe('the horizon', () => {
  it('rolls on with the business date for active room types of every tenant, and then has nothing left to do', async () => {
    const mine = await createRoomType(tenant.client, (await createProperty(tenant.client)).id);
    const closed = await createRoomType(tenant.client, (await createProperty(tenant.client)).id);
    await tenant.client.roomTypes.update.mutate({ roomTypeId: closed.id, active: false, idempotencyKey: key() });
    const foreign = await createRoomType(stranger.client, (await createProperty(stranger.client)).id);
    const before = await nightsOf(closed.id);

    app.clock.advanceTo(new Date(app.clock.nowMs() + 10 * DAY_MS).toISOString());
    expect(await roll()).toBeGreaterThan(0);
    expect(await roll()).toBe(0);
    expect(await nightsOf(mine.id)).toMatchObject({ nights: HORIZON + 10 });
    expect(await nightsOf(closed.id)).toEqual(before);
    const [ofStranger] = await tenantRows(
      app.database,
      stranger.tenantId,
      'select count(*)::integer as nights from inventory_night where room_type_id = $1',
      [foreign.id],
    );
    expect(ofStranger).toEqual({ nights: HORIZON + 10 });
  });
});
