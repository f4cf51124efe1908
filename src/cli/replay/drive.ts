import { type InnkeeperClient, isInnkeeperError } from '../../client/index.ts';
import { instantOf, type LocalDate, nightsOf } from '../../kernel/dates.ts';
import { boundedWork } from '../../platform/jobs/bounded-work.ts';
import { type HotelIds, TIME_ZONE } from './hotels.ts';
import type { Journal } from './journal.ts';
import type { Hotel, Row } from './row.ts';
import { type DataDay, type Release, schedule } from './schedule.ts';

export interface DriveOptions {
  client: InnkeeperClient;
  hotels: Record<Hotel, HotelIds>;
  journal: Journal;
  rows: readonly Row[];
  /** Calls under way at once; bookings are sent one by one, in row order, when `oneStream` is set. */
  atOnce: number;
  oneStream: boolean;
  onProgress: (done: number, total: number) => void;
}

/** The file says how many children and babies there are, not how old. */
const childAges = ({ children, babies }: Row): number[] => [
  ...Array<number>(children).fill(8),
  ...Array<number>(babies).fill(1),
];

const keyOf = (row: Row, move: string) => `replay-row-${row.row}-${move}`;

const bookingOf = (row: Row, { ratePlanId, roomTypeIds }: HotelIds) => ({
  lines: [
    {
      roomTypeId: roomTypeIds.get(row.roomType) ?? '',
      ratePlanId,
      arrival: row.arrival,
      departure: row.departure,
      adults: row.adults,
      childAges: childAges(row),
      nightPrices: nightsOf(row.arrival, row.departure).map(() => row.rate),
    },
  ],
  booker: { name: `Guest of row ${row.row}` },
  channel: row.channel,
  ...(row.country ? { country: row.country } : {}),
  externalRef: `row-${row.row}`,
  idempotencyKey: keyOf(row, 'create'),
});

const inParallel = <T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<unknown>): Promise<void> =>
  boundedWork(atOnce, async (start) => {
    for (const item of items) await start(() => work(item));
  });

/** The instant at which the server's clock stands while a day is played. */
export const noonOf = (date: LocalDate): string => new Date(instantOf(date, '12:00', TIME_ZONE)).toISOString();

const isEmpty = ({ releasesBefore, bookings, checkIns, releasesAfter }: DataDay): boolean =>
  [releasesBefore, bookings, checkIns, releasesAfter].every((step) => step.length === 0);

/**
 * Sends every day of the data through the API, the server's clock following: what the day before left ends, bookings,
 * check-ins, what ends on the day it began; a barrier between, in parallel within. Days that the
 * journal knows as done are left out. Throws the first error that is not the refusal of a booking.
 */
export const drive = async (options: DriveOptions): Promise<void> => {
  const { client, hotels, journal, rows, atOnce, oneStream } = options;
  const total = rows.length;

  const book = async (row: Row): Promise<void> => {
    if (journal.bookings.has(row.row) || journal.refusals.has(row.row)) return;
    try {
      const { id } = await client.bookings.create.mutate(bookingOf(row, hotels[row.hotel]));
      journal.accepted(row.row, id);
    } catch (error) {
      if (!isInnkeeperError(error) || error.retryable || error.status === null || error.status >= 500) throw error;
      journal.refused(row.row, error.code);
    }
    options.onProgress(journal.bookings.size + journal.refusals.size, total);
  };

  const checkIn = async (row: Row): Promise<void> => {
    const bookingId = journal.bookings.get(row.row);
    if (bookingId) await client.bookings.checkIn.mutate({ bookingId, idempotencyKey: keyOf(row, 'check-in') });
  };

  const release = async ({ row, kind }: Release): Promise<void> => {
    const bookingId = journal.bookings.get(row.row);
    if (!bookingId) return;
    const input = { bookingId, idempotencyKey: keyOf(row, kind) };
    if (kind === 'cancel') await client.bookings.cancel.mutate(input);
    else if (kind === 'no_show') await client.bookings.noShow.mutate(input);
    else await client.bookings.checkOut.mutate(input);
  };

  const play = async (day: DataDay): Promise<void> => {
    await inParallel(day.releasesBefore, atOnce, release);
    await inParallel(day.bookings, oneStream ? 1 : atOnce, ({ row }) => book(row));
    journal.flush();
    await inParallel(day.checkIns, atOnce, checkIn);
    await inParallel(day.releasesAfter, atOnce, release);
  };

  const { now } = await client.clock.get.query();
  for (const day of schedule(rows)) {
    if (day.date <= journal.lastDay() || isEmpty(day)) continue;
    const noon = noonOf(day.date);
    if (noon > now) await client.clock.advance.mutate({ to: noon });
    await play(day);
    journal.dayDone(day.date);
  }
};
