import type { InnkeeperClient } from '../../client/index.ts';
import type { TypeCapacity } from './capacity.ts';
import type { Hotel } from './row.ts';

/** Both hotels stand in Portugal; the dataset's resort is in the Algarve, the city hotel in Lisbon. */
export const TIME_ZONE = 'Europe/Lisbon';
const CITIES: Record<Hotel, string> = { resort: 'Faro', city: 'Lisboa' };

/** The largest party of the file has 55 guests. */
const LARGEST_PARTY = 60;

export interface HotelIds {
  propertyId: string;
  ratePlanId: string;
  /** By the file's reserved room type. */
  roomTypeIds: ReadonlyMap<string, string>;
}

const externalRefOf = (hotel: Hotel) => `hotel-demand-${hotel}`;

const allPages = async <T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; nextCursor: string | null }>,
) => {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    items.push(...answer.items);
    cursor = answer.nextCursor ?? undefined;
  } while (cursor);
  return items;
};

const withCursor = (cursor: string | undefined) => (cursor ? { cursor } : {});

const createHotel = async (client: InnkeeperClient, hotel: Hotel, capacities: TypeCapacity[]): Promise<HotelIds> => {
  const property = await client.properties.create.mutate({
    name: `Hotel booking demand: ${hotel}`,
    type: 'hotel',
    timeZone: TIME_ZONE,
    currency: 'EUR',
    city: CITIES[hotel],
    country: 'PT',
    externalRef: externalRefOf(hotel),
    idempotencyKey: `replay-${hotel}-property`,
  });
  const roomTypeIds = new Map<string, string>();
  for (const { roomType, rooms } of capacities) {
    const { id } = await client.roomTypes.create.mutate({
      propertyId: property.id,
      name: roomType,
      maxAdults: LARGEST_PARTY,
      maxChildren: LARGEST_PARTY,
      maxOccupancy: LARGEST_PARTY,
      physicalRooms: rooms,
      idempotencyKey: `replay-${hotel}-type-${roomType}`,
    });
    roomTypeIds.set(roomType, id);
  }
  const plan = await client.rates.createPlan.mutate({
    propertyId: property.id,
    code: 'AS-SOLD',
    name: 'As sold',
    occupancy: { includedAdults: LARGEST_PARTY - 10, extraAdult: 0, childPrices: [{ maxAge: 17, amount: 0 }] },
    terms: {
      cancellation: [],
      noShow: { fee: { kind: 'percent', basisPoints: 10_000 }, nights: 'return' },
      prepayment: { basisPoints: 0 },
    },
    idempotencyKey: `replay-${hotel}-plan`,
  });
  return { propertyId: property.id, ratePlanId: plan.id, roomTypeIds };
};

const findHotel = async (client: InnkeeperClient, propertyId: string): Promise<HotelIds> => {
  const types = await allPages((cursor) =>
    client.roomTypes.list.query({ propertyId, limit: 100, ...withCursor(cursor) }),
  );
  const plans = await client.rates.listPlans.query({ propertyId });
  const [plan] = plans.items;
  if (!plan) throw new Error(`property ${propertyId} has no rate plan; begin the replay in an empty tenant`);
  return { propertyId, ratePlanId: plan.id, roomTypeIds: new Map(types.map(({ name, id }) => [name, id])) };
};

/** Makes both hotels with their room types, or finds those that an earlier run made. */
export const openHotels = async (
  client: InnkeeperClient,
  capacities: readonly TypeCapacity[],
): Promise<Record<Hotel, HotelIds>> => {
  const known = await allPages((cursor) => client.properties.list.query({ limit: 100, ...withCursor(cursor) }));
  const open = async (hotel: Hotel): Promise<HotelIds> => {
    const earlier = known.find(({ externalRef }) => externalRef === externalRefOf(hotel));
    const types = capacities.filter((capacity) => capacity.hotel === hotel);
    return earlier ? await findHotel(client, earlier.id) : await createHotel(client, hotel, types);
  };
  return { city: await open('city'), resort: await open('resort') };
};
