import { TRPCClientError } from '@trpc/client';
import { addDays } from '../../../src/kernel/dates.ts';
import type { Client } from '../../support/client.ts';
import { freeCancellation, key } from '../../support/hotel.ts';
import type { Lots } from '../../support/lots.ts';
import { DAYS, FIRST_DAY, type Offered } from './random-market.ts';

/** Answers null for what the API refuses, such as a booking of a closed night. */
const unlessRefused = async <T>(call: Promise<T>): Promise<T | null> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof TRPCClientError) return null;
    throw error;
  }
};

/** Makes one change after the other of what can be booked, through the API. */
export const randomChanges = (client: Client, lots: Lots, offered: readonly Offered[]) => {
  const bookings: string[] = [];
  const nights = (most: number) => {
    const from = addDays(FIRST_DAY, lots.below(DAYS));
    return { from, until: addDays(from, 1 + lots.below(most)) };
  };
  const take = async ({ roomTypeId, ratePlanId }: Offered, isHeld: boolean): Promise<void> => {
    const { from: arrival, until: departure } = nights(3);
    const booking = {
      lines: Array.from({ length: lots.pick([1, 1, 2]) }, () => ({
        roomTypeId,
        ratePlanId,
        arrival,
        departure,
        adults: 1,
      })),
      booker: { name: 'Ana' },
      idempotencyKey: key(),
    };
    const made = await unlessRefused(
      isHeld
        ? client.bookings.hold.mutate({ ...booking, holdMinutes: 1 + lots.below(30) })
        : client.bookings.create.mutate(booking),
    );
    if (made) bookings.push(made.id);
  };
  const restrictions = () =>
    lots.pick([
      { stopSell: lots.chance(0.5) },
      { closedToArrival: lots.chance(0.5) },
      { closedToDeparture: lots.chance(0.5) },
      { minStay: lots.pick([null, 2]), maxStay: null },
      { minStay: null, maxStay: lots.pick([null, 2]) },
      { minAdvance: lots.pick([null, 9]), maxAdvance: null },
    ]);

  return async (): Promise<void> => {
    const offer = lots.pick(offered);
    const { propertyId, roomTypeId, ratePlanId } = offer;
    const entry = { roomTypeIds: [roomTypeId], ...nights(6) };
    const idempotencyKey = key();
    const kind = lots.below(100);
    if (kind < 30) await take(offer, false);
    else if (kind < 50) await take(offer, true);
    else if (kind < 65) {
      const bookingId = bookings.splice(lots.below(bookings.length), 1)[0];
      if (bookingId) await unlessRefused(client.bookings.cancel.mutate({ bookingId, idempotencyKey }));
    } else if (kind < 75) {
      const price = lots.chance(0.1) ? null : lots.below(9) * 1_000;
      await client.rates.setPrices.mutate({ ratePlanId, entries: [{ ...entry, price }], idempotencyKey });
    } else if (kind < 85) {
      const entries = [{ ...entry, ...restrictions() }];
      await unlessRefused(client.rates.setRestrictions.mutate({ ratePlanId, entries, idempotencyKey }));
    } else if (kind < 90) {
      const change = { roomTypeId, ...nights(4), physical: lots.below(4), idempotencyKey };
      await unlessRefused(client.inventory.setNights.mutate(change));
    } else if (kind < 92) {
      const active = lots.chance(0.7);
      await client.roomTypes.update.mutate({ roomTypeId, active, maxAdults: 2, maxOccupancy: 2, idempotencyKey });
    } else if (kind < 94) {
      const occupancy = { includedAdults: 1 + lots.below(3), extraAdult: lots.below(3) * 500, childPrices: [] };
      await client.rates.updatePlan.mutate({ ratePlanId, active: lots.chance(0.7), occupancy, idempotencyKey });
    } else if (kind < 96) {
      const changes = { city: lots.pick(['Lisboa', 'Faro']), amenities: ['amenity 3', 'rare one'] };
      await client.properties.update.mutate({ propertyId, ...changes, idempotencyKey });
    } else if (kind < 98) {
      if (lots.chance(0.3)) await client.properties.deactivate.mutate({ propertyId, idempotencyKey });
      else await client.properties.activate.mutate({ propertyId, idempotencyKey });
    } else {
      const plan = { propertyId, code: `P${lots.below(1e9)}`, name: 'Later', terms: freeCancellation };
      const occupancy = { includedAdults: 2, extraAdult: 0, childPrices: [] };
      const made = await client.rates.createPlan.mutate({ ...plan, occupancy, idempotencyKey });
      const cheap = { roomTypeIds: [roomTypeId], from: FIRST_DAY, until: addDays(FIRST_DAY, DAYS), price: 10 };
      await client.rates.setPrices.mutate({ ratePlanId: made.id, entries: [cheap], idempotencyKey: key() });
    }
  };
};
