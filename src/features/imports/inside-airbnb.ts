import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import { businessDateAt, daysBetween } from '../../kernel/dates.ts';
import type { Ids } from '../../kernel/ids.ts';
import { minorDigits } from '../../kernel/money.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Scope } from '../../platform/db/scope.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { boundedWork } from './bounded-work.ts';
import { surveyCalendar } from './calendar-rows.ts';
import { type ListingCalendar, listingCalendars } from './listing-calendars.ts';
import { readListings } from './listings.ts';
import type { Market } from './market.ts';
import { type ImportReport, rowCounts } from './report.ts';
import type { RefusedRow, SourceFiles } from './source-files.ts';
import { withinLastWeek } from './week-shift.ts';
import { createChunkWriter } from './write-chunk.ts';

export interface ImportInput {
  files: SourceFiles;
  market: Market;
  /** Move all dates by whole weeks, so that the calendar starts within the last seven days. */
  shift: boolean;
  /** Told, now and then, how many of the calendar's rows have been read. */
  onProgress?: (rows: number, ofRows: number) => void;
}

export interface ImportDependencies {
  database: Database;
  commands: Commands;
  clock: Clock;
  ids: Ids;
  horizonDays: number;
}

/** Listings written in one transaction. */
const CHUNK = 30;
const CHUNKS_AT_ONCE = 2;
const ANALYZE_TIMEOUT_MS = 600_000;

const findKnown = async (database: Database, scope: Scope, refs: readonly string[]): Promise<Set<string>> => {
  const { rows } = await database.read(scope, 'primary', (db) =>
    sql<{ ref: string }>`
      select external_ref as ref from property
      where tenant_id = app.tenant() and external_ref = any (${refs}::text[])`.execute(db),
  );
  return new Set(rows.map(({ ref }) => ref));
};

const analyze = (database: Database, scope: Scope): Promise<void> =>
  database.transaction(scope, async ({ sql: db }) => {
    await sql`select set_config('statement_timeout', ${String(ANALYZE_TIMEOUT_MS)}, true)`.execute(db);
    await sql`select app.analyze_tables()`.execute(db);
  });

const stopwatch = () => {
  let since = performance.now();
  return () => {
    const now = performance.now();
    const elapsed = Math.round(now - since);
    since = now;
    return elapsed;
  };
};

/**
 * Makes each listing a property with one room, its calendar prices, stay limits and blocks, a few listings a
 * transaction: a run that broke off is completed by the next. A listing whose id is a property's external reference
 * already is left as it is. Throws AppError UNREADABLE_FILE before anything is written.
 */
export const createInsideAirbnbImport =
  (deps: ImportDependencies) =>
  async (caller: Caller, { files, market, shift, onProgress }: ImportInput): Promise<ImportReport> => {
    const { database, clock, horizonDays } = deps;
    const refused: RefusedRow[] = [];
    const refuse = (row: RefusedRow) => void refused.push(row);
    const lap = stopwatch();

    const listings = await readListings(files.listings, refuse);
    const { rows: ofRows, first } = await surveyCalendar(files.calendar);
    const known = await findKnown(database, caller.scope, [...listings.taken.keys()]);
    const read = lap();

    const today = businessDateAt(clock.nowMs(), market.timeZone, market.dayStartsAt);
    const start = first ?? today;
    const dates = { first: shift ? withinLastWeek(start, today) : start, today, horizonDays };
    const written = { listings: 0, rows: 0 };
    const writeChunk = createChunkWriter(deps, caller, { market, dates }, (made) => {
      written.listings += made.length;
      for (const { rows } of made) written.rows += rows;
    });

    const work = boundedWork(CHUNKS_AT_ONCE);
    let waiting: ListingCalendar[] = [];
    const add = async (calendar: ListingCalendar) => {
      if (known.has(calendar.listing.externalRef)) return;
      waiting.push(calendar);
      if (waiting.length === CHUNK) await flush();
    };
    const flush = async () => {
      const chunk = waiting;
      waiting = [];
      if (chunk.length > 0) await work.start(() => writeChunk(chunk));
    };

    const silent = new Map(listings.taken);
    const digits = minorDigits(market.currency);
    for await (const batch of listingCalendars(files.calendar, { listings, first: start, digits }, refuse)) {
      for (const calendar of batch.finished) {
        silent.delete(calendar.listing.externalRef);
        await add(calendar);
      }
      onProgress?.(batch.read, ofRows);
    }
    for (const listing of silent.values()) await add({ listing, nights: [], rows: 0 });
    await flush();
    await work.ended();
    const load = lap();

    if (written.listings > 0) await analyze(database, caller.scope);
    const refusedOf = (file: RefusedRow['file']) => refused.filter((row) => row.file === file).length;
    return {
      listings: rowCounts(listings.read, refusedOf('listings'), written.listings),
      calendar: rowCounts(ofRows, refusedOf('calendar'), written.rows),
      dates: first === null ? null : { first, movedTo: dates.first, movedByDays: daysBetween(first, dates.first) },
      refused,
      milliseconds: { read, load, analyze: lap() },
    };
  };
