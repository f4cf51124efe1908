import type { InnkeeperClient } from '../../client/index.ts';
import { addDays, earliest, latest } from '../../kernel/dates.ts';
import { boundedWork } from '../../platform/jobs/bounded-work.ts';
import type { HotelIds } from './hotels.ts';
import type { Journal } from './journal.ts';
import type { Hotel, Row, Status } from './row.ts';
import { createTally, type Tally } from './tally.ts';
import type { Totals } from './totals.ts';

/** The file's word for each state that a replayed booking may end in. */
const STATUS_OF: Partial<Record<string, Status>> = {
  checked_out: 'Check-Out',
  cancelled: 'Canceled',
  no_show: 'No-Show',
};

const DAYS_A_WINDOW = 14;
const AT_ONCE = 2;

const countWindow = async (
  client: InnkeeperClient,
  tally: Tally,
  hotel: Hotel,
  window: { propertyId: string; arrivalFrom: string; arrivalUntil: string },
): Promise<void> => {
  let cursor: string | undefined;
  do {
    const page = await client.bookings.list.query({ ...window, limit: 100, ...(cursor ? { cursor } : {}) });
    for (const { id, state, lines } of page.items) {
      const status = STATUS_OF[state];
      if (!status) throw new Error(`booking ${id} is left ${state}`);
      const nights = lines.flatMap((line) => line.nights);
      tally.accepted(
        hotel,
        status,
        nights.map(({ night, price, extras }) => ({ night, amount: price + extras })),
      );
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
};

/** What the API says at the end: every booking with its state and nights as it lists them, and the refusals it gave. */
export const tallyBookings = async (
  client: InnkeeperClient,
  hotels: Record<Hotel, HotelIds>,
  rows: readonly Row[],
  journal: Journal,
): Promise<Totals> => {
  const tally = createTally();
  for (const { row, hotel, status } of rows) {
    const code = journal.refusals.get(row);
    if (code) tally.refused(hotel, status, code);
  }
  const arrivals = rows.map(({ arrival }) => arrival);
  const end = addDays(latest(arrivals), 1);
  await boundedWork(AT_ONCE, async (start) => {
    for (const hotel of ['city', 'resort'] as const) {
      const { propertyId } = hotels[hotel];
      for (let from = earliest(arrivals); from < end; from = addDays(from, DAYS_A_WINDOW)) {
        const window = { propertyId, arrivalFrom: from, arrivalUntil: addDays(from, DAYS_A_WINDOW) };
        await start(() => countWindow(client, tally, hotel, window));
      }
    }
  });
  return tally.totals();
};
