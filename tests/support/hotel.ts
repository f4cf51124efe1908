import { randomUUID } from 'node:crypto';
import type { inferRouterInputs } from '@trpc/server';
import type { AppRouter } from '../../src/compose.ts';
import { addDays } from '../../src/kernel/dates.ts';
import type { Client } from './app.ts';

type Inputs = inferRouterInputs<AppRouter>;

/** A new idempotency key. */
export const key = (): string => randomUUID();

export const freeCancellation: Inputs['rates']['createPlan']['terms'] = {
  cancellation: [],
  noShow: { fee: { kind: 'percent', basisPoints: 10_000 }, nights: 'return' },
  prepayment: { basisPoints: 0 },
};

/** A hotel in Lisbon that sells in euro, unless told otherwise. */
export const createProperty = (client: Client, changes: Partial<Inputs['properties']['create']> = {}) =>
  client.properties.create.mutate({
    name: 'Casa do Rio',
    type: 'hotel',
    timeZone: 'Europe/Lisbon',
    currency: 'EUR',
    city: 'Lisboa',
    idempotencyKey: key(),
    ...changes,
  });

/** A double room type with two rooms, unless told otherwise. */
export const createRoomType = (
  client: Client,
  propertyId: string,
  changes: Partial<Inputs['roomTypes']['create']> = {},
) =>
  client.roomTypes.create.mutate({
    propertyId,
    name: 'Double',
    maxAdults: 2,
    maxOccupancy: 2,
    physicalRooms: 2,
    idempotencyKey: key(),
    ...changes,
  });

/** A plan that is free to cancel and includes two adults, unless told otherwise. */
export const createPlan = (client: Client, propertyId: string, changes: Partial<Inputs['rates']['createPlan']> = {}) =>
  client.rates.createPlan.mutate({
    propertyId,
    code: `PLAN-${randomUUID().slice(0, 8)}`,
    name: 'Flexible',
    occupancy: { includedAdults: 2, extraAdult: 0, childPrices: [] },
    terms: freeCancellation,
    idempotencyKey: key(),
    ...changes,
  });

export interface Hotel {
  propertyId: string;
  roomTypeId: string;
  ratePlanId: string;
}

export interface HotelChanges {
  physicalRooms?: number;
  property?: Parameters<typeof createProperty>[1];
  roomType?: Parameters<typeof createRoomType>[2];
  plan?: Parameters<typeof createPlan>[2];
  /** Minor units a night. */
  price?: number;
  /** On sale for a year from then on. */
  from?: string;
}

/** A property with one room type and one plan, on sale for 100.00 a night in 2026, unless told otherwise. */
export const createHotel = async (client: Client, changes: HotelChanges = {}): Promise<Hotel> => {
  const { physicalRooms, price = 10_000, from = '2026-01-01' } = changes;
  const property = await createProperty(client, changes.property);
  const [roomType, plan] = await Promise.all([
    createRoomType(client, property.id, {
      ...(physicalRooms === undefined ? {} : { physicalRooms }),
      ...changes.roomType,
    }),
    createPlan(client, property.id, changes.plan),
  ]);
  await client.rates.setPrices.mutate({
    ratePlanId: plan.id,
    entries: [{ roomTypeIds: [roomType.id], from, until: addDays(from, 365), price }],
    idempotencyKey: key(),
  });
  return { propertyId: property.id, roomTypeId: roomType.id, ratePlanId: plan.id };
};

/** Holds one room of the hotel. */
export const holdRoom = (client: Client, hotel: Hotel, arrival: string, departure: string, holdMinutes = 10) =>
  client.bookings.hold.mutate({
    lines: [{ roomTypeId: hotel.roomTypeId, ratePlanId: hotel.ratePlanId, arrival, departure, adults: 2 }],
    booker: { name: 'Ana Silva' },
    holdMinutes,
    idempotencyKey: key(),
  });
