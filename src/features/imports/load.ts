import type { LocalDate } from '../../kernel/dates.ts';
import { boundedWork } from '../../platform/jobs/bounded-work.ts';
import { type ListingCalendar, listingCalendars } from './listing-calendars.ts';
import type { Listings } from './listings.ts';
import type { OpenFile, RefusedRow } from './source-files.ts';

/** Listings written in one transaction. */
const CHUNK = 15;
const CHUNKS_AT_ONCE = 2;

interface Load {
  calendar: OpenFile;
  listings: Listings;
  /** The calendar's first date. */
  first: LocalDate;
  /** Those of the currency's minor unit. */
  digits: number;
  /** External references of listings that are left as they are. */
  known: ReadonlySet<string>;
  /** Stops the load before its next chunk. */
  signal?: AbortSignal | undefined;
}

/** Reads the calendar and hands over each listing that is not known, some at a time, with its nights; last those without any. */
export const loadListings = (
  { calendar, listings, first, digits, known, signal }: Load,
  writeChunk: (chunk: ListingCalendar[]) => Promise<void>,
  { refuse, onRead }: { refuse: (row: RefusedRow) => void; onRead: (rows: number) => void },
): Promise<void> =>
  boundedWork(CHUNKS_AT_ONCE, async (start) => {
    let waiting: ListingCalendar[] = [];
    const flush = async () => {
      signal?.throwIfAborted();
      const chunk = waiting;
      waiting = [];
      if (chunk.length > 0) await start(() => writeChunk(chunk));
    };
    const add = async (listing: ListingCalendar) => {
      if (known.has(listing.listing.externalRef)) return;
      waiting.push(listing);
      if (waiting.length === CHUNK) await flush();
    };

    const withoutNights = new Map(listings.taken);
    for await (const { read, finished } of listingCalendars(calendar, { listings, first, digits }, refuse)) {
      for (const listing of finished) {
        withoutNights.delete(listing.listing.externalRef);
        await add(listing);
      }
      onRead(read);
    }
    for (const listing of withoutNights.values()) await add({ listing, nights: [], rows: 0 });
    await flush();
  });
