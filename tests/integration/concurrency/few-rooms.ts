import type { Client } from '../../support/app.ts';
import { createHotel, createRoomType, type Hotel, key } from '../../support/hotel.ts';

/** Two room types of one property with two rooms each, one of them overbooked by one. */
export const createFewRooms = async (client: Client): Promise<Hotel[]> => {
  const double = await createHotel(client, { physicalRooms: 2, roomType: { overbookingLimit: 1 } });
  const { id } = await createRoomType(client, double.propertyId, { name: 'Suite', physicalRooms: 2 });
  await client.rates.setPrices.mutate({
    ratePlanId: double.ratePlanId,
    entries: [{ roomTypeIds: [id], from: '2026-01-01', until: '2027-01-01', price: 30_000 }],
    idempotencyKey: key(),
  });
  return [double, { ...double, roomTypeId: id }];
};
