import type { InnkeeperClient } from '../../client/index.ts';
import { addDays, type LocalDate } from '../../kernel/dates.ts';
import { CITY, type Hotel, hotelForTests, PRICE } from './hotel.ts';
import { expectAnswer, step } from './step.ts';

const DAYS_AHEAD = 30;

type Dates = { arrival: string; departure: string };

const search = async ({ availability }: InnkeeperClient, { propertyId }: Hotel, dates: Dates): Promise<void> => {
  const { items } = await step('Searching', availability.search.query({ city: CITY, ...dates }));
  const hit = items.find((item) => item.propertyId === propertyId);
  if (!hit) throw new Error(`A wrong answer: the search did not find ${propertyId} free from ${dates.arrival} on.`);
  expectAnswer(hit.total === PRICE, `the search says ${hit.total}, and the night costs ${PRICE}`);
};

/** Searches, books and cancels a night, and says so line by line. Throws at the first answer that is missing or wrong. */
export const bookOneNight = async (
  client: InnkeeperClient,
  today: LocalDate,
  say: (line: string) => void,
): Promise<void> => {
  const arrival = addDays(today, DAYS_AHEAD);
  const dates = { arrival, departure: addDays(arrival, 1) };
  const hotel = await hotelForTests(client, arrival);

  await search(client, hotel, dates);
  say(`Found a room for the night of ${arrival}.`);

  const { roomTypeId, ratePlanId } = hotel;
  const lines = [{ roomTypeId, ratePlanId, ...dates, adults: 2 }];
  const { bookings } = client;
  const made = await step('Booking', bookings.create.mutate({ lines, booker: { name: 'Smoke Test' } }));
  say(`Booked it as ${made.code}.`);
  // Before anything is said against it, so that nothing stays booked.
  await step('Cancelling', bookings.cancel.mutate({ bookingId: made.id }));
  expectAnswer(made.state === 'confirmed', `the booking was ${made.state}, not confirmed`);
  expectAnswer(made.total === PRICE, `the booking cost ${made.total}, and the night ${PRICE}`);

  const { state } = await step('Reading the booking', bookings.get.query({ bookingId: made.id }));
  expectAnswer(state === 'cancelled', `the booking is ${state}, not cancelled`);
  await search(client, hotel, dates);
  say('Cancelled it, and found the room free again.');
};
