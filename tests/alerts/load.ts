import { setTimeout as delay } from 'node:timers/promises';
import { createInnkeeperClient } from '../../src/client/index.ts';
import { type Client, clientOf } from '../support/client.ts';
import { createHotel, type Hotel, holdRoom, key } from '../support/hotel.ts';

/** A year on sale, beginning after whatever a time zone makes of today. */
export const onSaleFrom = (): string => Temporal.Now.plainDateISO('UTC').add({ days: 2 }).toString();

const dayOnSale = (days: number): string => Temporal.PlainDate.from(onSaleFrom()).add({ days }).toString();

const CRAWL = { atOnce: 2, pauseMs: 20 };

/** Asks each thing but once, as crawlers do, until it is called off. */
export const crawl = (url: string, apiKey: string, { atOnce, pauseMs } = CRAWL): (() => void) => {
  const client = createInnkeeperClient({ url, apiKey, retries: 0, timeoutMs: 20_000 });
  let over = false;
  let asked = 0;
  const go = async () => {
    while (!over) {
      asked += 1;
      const stay = { arrival: dayOnSale(asked % 300), departure: dayOnSale((asked % 300) + 1) };
      await client.availability.search.query({ ...stay, maxTotal: 20_000 + asked }).catch(() => {});
      await delay(pauseMs);
    }
  };
  void Promise.all(Array.from({ length: atOnce }, go));
  return () => {
    over = true;
  };
};

export interface Load {
  hotels: Hotel[];
  client: Client;
  /** So many calls have been answered, and so many have failed. */
  readonly done: number;
  readonly failed: number;
  stop(): Promise<void>;
}

const READERS = 2;
const READ_PAUSE_MS = 150;
const WRITE_PAUSE_MS = 400;
const MOST_BOOKERS = 40;

/**
 * Guests who look, book, pay and cancel, a few a second. Whoever looks waits for the answer; bookings are begun at their rate,
 * whether those before have ended or not.
 */
export const startLoad = async (url: string, ownerKey: string): Promise<Load> => {
  const client = clientOf(url, ownerKey);
  const from = onSaleFrom();
  const hotels = await Promise.all([1, 2, 3].map(() => createHotel(client, { from, physicalRooms: 50 })));
  const counts = { done: 0, failed: 0 };
  let stopped = false;
  let turn = 0;
  const hotelOf = (index: number): Hotel => {
    const hotel = hotels[index % hotels.length];
    if (!hotel) throw new Error('no hotel');
    return hotel;
  };
  const counted = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => {
        counts.done += 1;
      },
      () => {
        counts.failed += 1;
      },
    );

  const newGuest = () => createInnkeeperClient({ url, apiKey: ownerKey, retries: 0, timeoutMs: 20_000 });
  const read = async (): Promise<void> => {
    // Whoever lists bookings has seen the latest; other guests have not.
    const [guest, clerk] = [newGuest(), newGuest()];
    while (!stopped) {
      turn += 1;
      const hotel = hotelOf(turn);
      const arrival = dayOnSale(turn % 7);
      const calls = [
        ...hotels.map(
          ({ propertyId }) =>
            () =>
              guest.properties.get.query({ propertyId }),
        ),
        () => guest.roomTypes.list.query({ propertyId: hotel.propertyId }),
        () => clerk.bookings.list.query({ limit: 10 }),
        ...hotels.map(
          ({ propertyId }) =>
            () =>
              guest.properties.get.query({ propertyId }),
        ),
        () => guest.availability.search.query({ arrival, departure: dayOnSale((turn % 7) + 2) }),
      ];
      const call = calls[turn % calls.length];
      if (call) await counted(call());
      await delay(READ_PAUSE_MS);
    }
  };

  const book = async (): Promise<void> => {
    const night = turn % 300;
    const { id: bookingId } = await holdRoom(client, hotelOf(turn), dayOnSale(night), dayOnSale(night + 2));
    await client.bookings.confirm.mutate({ bookingId, idempotencyKey: key() });
    if (turn % 2) await client.bookings.cancel.mutate({ bookingId, idempotencyKey: key() });
  };
  const bookers = new Set<Promise<unknown>>();
  const write = async (): Promise<void> => {
    while (!stopped) {
      if (bookers.size < MOST_BOOKERS) {
        const booker: Promise<unknown> = counted(book()).then(() => bookers.delete(booker));
        bookers.add(booker);
      }
      await delay(WRITE_PAUSE_MS);
    }
    await Promise.all(bookers);
  };

  const working = Promise.all([...Array.from({ length: READERS }, read), write()]);
  return {
    ...{ hotels, client },
    get done() {
      return counts.done;
    },
    get failed() {
      return counts.failed;
    },
    async stop() {
      stopped = true;
      await working;
    },
  };
};
