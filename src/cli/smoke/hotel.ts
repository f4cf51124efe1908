import type { InnkeeperClient } from '../../client/index.ts';
import { addDays, type LocalDate } from '../../kernel/dates.ts';
import { step } from './step.ts';

export interface Hotel {
  propertyId: string;
  roomTypeId: string;
  ratePlanId: string;
}

export const CITY = 'Smoke test';
/** Minor units a night. */
export const PRICE = 12_300;

/** Enough for all runs of a moment. */
const ROOMS = 20;

const propertyOf = async ({ properties }: InnkeeperClient): Promise<string> => {
  const [known] = (await properties.list.query({ limit: 1 })).items;
  if (known) return known.id;
  const made = { name: CITY, type: 'hotel', timeZone: 'Etc/UTC', currency: 'EUR', city: CITY };
  return (await properties.create.mutate(made)).id;
};

const roomTypeOf = async ({ roomTypes }: InnkeeperClient, propertyId: string): Promise<string> => {
  const [known] = (await roomTypes.list.query({ propertyId, limit: 1 })).items;
  if (known) return known.id;
  const made = { propertyId, name: 'Double', maxAdults: 2, maxOccupancy: 2, physicalRooms: ROOMS };
  return (await roomTypes.create.mutate(made)).id;
};

const ratePlanOf = async ({ rates }: InnkeeperClient, propertyId: string): Promise<string> => {
  const [known] = (await rates.listPlans.query({ propertyId, limit: 1 })).items;
  if (known) return known.id;
  const plan = await rates.createPlan.mutate({
    ...{ propertyId, code: 'FLEX', name: 'Flexible' },
    occupancy: { includedAdults: 2, extraAdult: 0, childPrices: [] },
    terms: {
      cancellation: [{ hoursBefore: 0, fee: { kind: 'percent', basisPoints: 0 } }],
      noShow: { fee: { kind: 'percent', basisPoints: 0 }, nights: 'return' },
      prepayment: { basisPoints: 0 },
    },
  });
  return plan.id;
};

/** What a run books: made by the first, and found by the others; the night is put on sale. */
export const hotelForTests = async (client: InnkeeperClient, night: LocalDate): Promise<Hotel> => {
  const propertyId = await step('Finding or making the property', propertyOf(client));
  const roomTypeId = await step('Finding or making the room type', roomTypeOf(client, propertyId));
  const ratePlanId = await step('Finding or making the rate plan', ratePlanOf(client, propertyId));
  const entries = [{ roomTypeIds: [roomTypeId], from: night, until: addDays(night, 1), price: PRICE }];
  await step('Setting the price', client.rates.setPrices.mutate({ ratePlanId, entries }));
  return { propertyId, roomTypeId, ratePlanId };
};
