import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import { businessDateAt, daysBetween } from '../../kernel/dates.ts';
import type { Ids } from '../../kernel/ids.ts';
import { minorDigits } from '../../kernel/money.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Scope } from '../../platform/db/scope.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { surveyCalendar } from './calendar-rows.ts';
import { readListings } from './listings.ts';
import { loadListings } from './load.ts';
import type { Market } from './market.ts';
import { type ImportReport, rowCounts } from './report.ts';
import type { RefusedRow, SourceFiles } from './source-files.ts';
import { withinLastWeek } from './week-shift.ts';
import { createChunkWriter } from './write-chunk.ts';

export type ImportStep = 'reading' | 'loading' | 'analyzing';

export interface ImportInput {
  files: SourceFiles;
  market: Market;
  /** Move all dates by whole weeks, so that the calendar starts within the last seven days. */
  shift: boolean;
  /** Also open the horizon's nights that no calendar names; a server does that by itself when it rolls the horizon on. */
  openHorizon: boolean;
  /** Told what is being done and how far it is; rows of the calendar while loading, else nothing counted. */
  onProgress?: (step: ImportStep, done: number, total: number) => void;
}

export interface ImportDependencies {
  database: Database;
  commands: Commands;
  clock: Clock;
  ids: Ids;
  horizonDays: number;
}

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
  async (caller: Caller, input: ImportInput): Promise<ImportReport> => {
    const { database, clock, horizonDays } = deps;
    const { files, market, shift, openHorizon, onProgress = () => {} } = input;
    const refused: RefusedRow[] = [];
    const refuse = (row: RefusedRow) => void refused.push(row);
    const lap = stopwatch();

    onProgress('reading', 0, 0);
    const listings = await readListings(files.listings, refuse);
    const { rows: total, first } = await surveyCalendar(files.calendar);
    const known = await findKnown(database, caller.scope, [...listings.taken.keys()]);
    const read = lap();

    const today = businessDateAt(clock.nowMs(), market.timeZone, market.dayStartsAt);
    const firstOrToday = first ?? today;
    const dates = {
      first: shift ? withinLastWeek(firstOrToday, today) : firstOrToday,
      today,
      horizonDays: openHorizon ? horizonDays : 0,
    };
    const written = { listings: 0, rows: 0 };
    await loadListings(
      { calendar: files.calendar, listings, first: firstOrToday, digits: minorDigits(market.currency), known },
      createChunkWriter(deps, caller, { market, dates }, (made) => {
        written.listings += made.length;
        for (const { rows } of made) written.rows += rows;
      }),
      { refuse, onRead: (rows) => onProgress('loading', rows, total) },
    );
    const load = lap();

    onProgress('analyzing', 0, 0);
    if (written.listings > 0) await analyze(database, caller.scope);

    const refusedOf = (file: RefusedRow['file']) => refused.filter((row) => row.file === file).length;
    return {
      listings: rowCounts(listings.read, refusedOf('listings'), written.listings),
      calendar: rowCounts(total, refusedOf('calendar'), written.rows),
      dates: first === null ? null : { first, movedTo: dates.first, movedByDays: daysBetween(first, dates.first) },
      refused,
      milliseconds: { read, load, analyze: lap() },
    };
  };
