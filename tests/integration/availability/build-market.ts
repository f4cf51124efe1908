import { TRPCClientError } from '@trpc/client';
import { addDays } from '../../../src/kernel/dates.ts';
import type { TestApp, TestTenant } from '../../support/app.ts';
import { createPlan, createProperty, createRoomType, key } from '../../support/hotel.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import { FIRST_DAY, type MarketProperty } from './arbitrary-market.ts';

/** A room type with a rate plan of the same property. */
export interface Combination {
  propertyId: string;
  roomTypeId: string;
  ratePlanId: string;
}

const day = (offset: number) => addDays(FIRST_DAY, offset);

const unlessRefused = async (call: Promise<unknown>): Promise<void> => {
  await call.catch((error: unknown) => {
    if (!(error instanceof TRPCClientError)) throw error;
  });
};

const buildRoomType = async (
  { client, tenantId }: TestTenant,
  app: TestApp,
  propertyId: string,
  { active, closedNight, blockedFrom, capacity, ...rooms }: MarketProperty['roomTypes'][number],
): Promise<string> => {
  const { id } = await createRoomType(client, propertyId, { ...capacity, ...rooms });
  // A property that is older than today has inventory of nights that are over, too.
  const openNights = 'select app.open_nights($1, $2::date, $2::date + 3)';
  await tenantRows(app.database, tenantId, openNights, [id, FIRST_DAY]);
  if (closedNight !== null) {
    const closed = 'delete from inventory_night where room_type_id = $1 and night = $2';
    await tenantRows(app.database, tenantId, closed, [id, day(closedNight)]);
  }
  if (blockedFrom !== null) {
    const room = await client.rooms.create.mutate({ roomTypeId: id, number: id.slice(-12), idempotencyKey: key() });
    const nights = { from: day(blockedFrom), until: day(blockedFrom + 2) };
    await unlessRefused(
      client.inventory.block.mutate({ roomId: room.id, kind: 'out_of_order', ...nights, idempotencyKey: key() }),
    );
  }
  if (!active) await client.roomTypes.update.mutate({ roomTypeId: id, active, idempotencyKey: key() });
  return id;
};

const buildPlan = async (
  { client }: TestTenant,
  propertyId: string,
  roomTypeIds: string[],
  { active, occupancy, rates }: MarketProperty['plans'][number],
): Promise<string> => {
  const { id: ratePlanId } = await createPlan(client, propertyId, { occupancy });
  const perNight = <T>(entriesOf: (of: (typeof rates)[number]) => [number, T][]) =>
    roomTypeIds.flatMap((roomTypeId, index) =>
      entriesOf(rates[index === 0 ? 0 : 1]).map(([offset, entry]) => ({
        roomTypeIds: [roomTypeId],
        from: day(offset),
        until: day(offset + 1),
        ...entry,
      })),
    );
  await client.rates.setPrices.mutate({
    ratePlanId,
    entries: perNight(({ prices }) => prices.map((price, offset) => [offset, { price }])),
    idempotencyKey: key(),
  });
  const entries = perNight(({ restricted }) => restricted);
  if (entries.length > 0) await client.rates.setRestrictions.mutate({ ratePlanId, entries, idempotencyKey: key() });
  if (!active) await client.rates.updatePlan.mutate({ ratePlanId, active, idempotencyKey: key() });
  return ratePlanId;
};

const takeStay = (
  { client }: TestTenant,
  ids: { roomTypeIds: string[]; ratePlanIds: string[] },
  { kind, roomType, plan, arrival, nights }: MarketProperty['stays'][number],
) => {
  const stay = { arrival: day(arrival), departure: day(arrival + nights), adults: 1 };
  const roomTypeId = ids.roomTypeIds[roomType] ?? ids.roomTypeIds[0] ?? '';
  const ratePlanId = ids.ratePlanIds[plan] ?? ids.ratePlanIds[0] ?? '';
  const booking = { lines: [{ roomTypeId, ratePlanId, ...stay }], booker: { name: 'Ana' }, idempotencyKey: key() };
  if (kind === 'confirmed') return client.bookings.create.mutate(booking);
  return client.bookings.hold.mutate({ ...booking, holdMinutes: kind === 'held' ? 1440 : 1 });
};

/** Makes one property with all that is on it; the clock passes the end of the short holds, which nobody sweeps. */
export const buildProperty = async (
  app: TestApp,
  tenant: TestTenant,
  given: MarketProperty,
): Promise<Combination[]> => {
  const { timeZone, dayStartsAt, taxes, active } = given;
  const { id: propertyId } = await createProperty(tenant.client, { timeZone, dayStartsAt, taxes });
  const roomTypeIds = await Promise.all(given.roomTypes.map((one) => buildRoomType(tenant, app, propertyId, one)));
  const ratePlanIds = await Promise.all(given.plans.map((one) => buildPlan(tenant, propertyId, roomTypeIds, one)));
  for (const stay of given.stays) await unlessRefused(takeStay(tenant, { roomTypeIds, ratePlanIds }, stay));
  if (!active) await tenant.client.properties.deactivate.mutate({ propertyId, idempotencyKey: key() });
  return roomTypeIds.flatMap((roomTypeId) => ratePlanIds.map((ratePlanId) => ({ propertyId, roomTypeId, ratePlanId })));
};
