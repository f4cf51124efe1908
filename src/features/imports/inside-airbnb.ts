import type { Clock } from '../../kernel/clock.ts';
import { businessDateAt, daysBetween } from '../../kernel/dates.ts';
import type { Ids } from '../../kernel/ids.ts';
import { minorDigits } from '../../kernel/money.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { surveyCalendar } from './calendar-rows.ts';
import { findKnown } from './known-listings.ts';
import { readListings } from './listings.ts';
import { loadListings } from './load.ts';
import type { Market } from './market.ts';
import type { ImportProgress } from './progress.ts';
import { type ImportReport, rowCounts, stopwatch } from './report.ts';
import type { RefusedRow, SourceFiles } from './source-files.ts';
import { analyzeTables } from './statistics.ts';
import { withinLastWeek } from './week-shift.ts';
import { createChunkWriter } from './write-chunk.ts';

export interface ImportInput {
  files: SourceFiles;
  market: Market;
  /** Move all dates by whole weeks, so that the calendar starts within the last seven days. */
  shift: boolean;
  /** Also open the horizon's nights that no calendar names; a server does that by itself when it rolls the horizon on. */
  openHorizon: boolean;
  onProgress?: (progress: ImportProgress) => void;
  /** Stops the import between two transactions; its reason is thrown. */
  signal?: AbortSignal;
}

export interface ImportDependencies {
  database: Database;
  commands: Commands;
  clock: Clock;
  ids: Ids;
  horizonDays: number;
}

/**
 * Makes each listing a property with one room, its calendar prices, stay limits and blocks, a few listings a
 * transaction: a run that broke off is completed by the next. A listing whose id is a property's external reference
 * already is left as it is. Throws AppError UNREADABLE_FILE before anything is written.
 */
export const createInsideAirbnbImport =
  (deps: ImportDependencies) =>
  async (caller: Caller, input: ImportInput): Promise<ImportReport> => {
    const { files, market, shift, openHorizon, signal } = input;
    const refused: RefusedRow[] = [];
    const refuse = (row: RefusedRow) => void refused.push(row);
    const progress: ImportProgress = { step: 'reading', rows: 0, ofRows: 0, listings: 0 };
    const report = (news: Partial<ImportProgress>) => {
      Object.assign(progress, news);
      input.onProgress?.({ ...progress });
    };
    const lap = stopwatch();

    report({});
    const listings = await readListings(files.listings, refuse);
    const { rows: ofRows, first } = await surveyCalendar(files.calendar);
    const known = await findKnown(deps.database, caller.scope, listings.taken.keys());
    const read = lap();

    report({ step: 'loading', ofRows });
    const today = businessDateAt(deps.clock.nowMs(), market.timeZone, market.dayStartsAt);
    const firstGiven = first ?? today;
    const firstNight = shift ? withinLastWeek(firstGiven, today) : firstGiven;
    let rowsWritten = 0;
    const writeChunk = createChunkWriter(
      deps,
      caller,
      {
        procedure: 'imports.insideAirbnb',
        market,
        dates: { first: firstNight, today, horizonDays: openHorizon ? deps.horizonDays : 0 },
      },
      (made) => {
        rowsWritten += made.reduce((rows, calendar) => rows + calendar.rows, 0);
        report({ listings: progress.listings + made.length });
      },
    );
    await loadListings(
      { calendar: files.calendar, listings, first: firstGiven, digits: minorDigits(market.currency), known, signal },
      writeChunk,
      { refuse, onRead: (rows) => report({ rows }) },
    );
    const load = lap();

    report({ step: 'analyzing' });
    if (progress.listings > 0) await analyzeTables(deps.database, caller.scope);

    const refusedOf = (file: RefusedRow['file']) => refused.filter((row) => row.file === file).length;
    return {
      listings: rowCounts(listings.read, refusedOf('listings'), progress.listings),
      calendar: rowCounts(ofRows, refusedOf('calendar'), rowsWritten),
      dates: first === null ? null : { first, movedTo: firstNight, movedByDays: daysBetween(first, firstNight) },
      refused,
      milliseconds: { read, load, analyze: lap() },
    };
  };
