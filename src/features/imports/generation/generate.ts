import type { Clock } from '../../../kernel/clock.ts';
import { businessDateAt, weekdayOf } from '../../../kernel/dates.ts';
import { boundedWork } from '../../../platform/jobs/bounded-work.ts';
import type { Caller } from '../../commands/index.ts';
import { surveyCalendar } from '../calendar-rows.ts';
import type { ImportDependencies } from '../inside-airbnb.ts';
import { findKnown } from '../known-listings.ts';
import { type ListingCalendar, listingCalendars } from '../listing-calendars.ts';
import { readListings } from '../listings.ts';
import { type SourceFiles, unreadable } from '../source-files.ts';
import { analyzeTables } from '../statistics.ts';
import { withinLastWeek } from '../week-shift.ts';
import { createChunkWriter } from '../write-chunk.ts';
import { CITIES, type City } from './cities.ts';
import { generatedRef, madeUpListing } from './made-up-listing.ts';

export interface GenerateInput {
  /** Listings and calendar of Antwerp, of which all properties are made. */
  files: SourceFiles;
  properties: number;
  seed: number;
  /** Told how many properties are committed, of those asked for. */
  onProgress?: (done: number, total: number) => void;
  /** Stops it between two transactions; its reason is thrown. */
  signal?: AbortSignal;
}

export interface GenerateReport {
  /** Made by this run, and there before. */
  made: number;
  unchanged: number;
  cities: number;
  milliseconds: number;
}

/** Properties written in one transaction. */
const CHUNK = 25;
const CHUNKS_AT_ONCE = 2;
const DIGITS = 2;

const readCalendars = async ({ listings: openListings, calendar }: SourceFiles) => {
  const refuse = () => {};
  const listings = await readListings(openListings, refuse);
  const { first } = await surveyCalendar(calendar);
  if (first === null) throw unreadable('calendar', 'it has no date');
  const calendars: ListingCalendar[] = [];
  for await (const { finished } of listingCalendars(calendar, { listings, first, digits: DIGITS }, refuse)) {
    calendars.push(...finished);
  }
  return { first, calendars };
};

/** The numbers of a city's properties that are not there yet, some at a time. */
function* chunksOf(city: number, { properties, seed }: GenerateInput, known: ReadonlySet<string>): Generator<number[]> {
  let chunk: number[] = [];
  for (let number = city; number < properties; number += CITIES.length) {
    if (known.has(generatedRef(seed, number))) continue;
    chunk.push(number);
    if (chunk.length === CHUNK) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

const datesIn = (city: City, first: string, { clock, horizonDays }: { clock: Clock; horizonDays: number }) => {
  const today = businessDateAt(clock.nowMs(), city.timeZone, city.dayStartsAt);
  return { first: withinLastWeek(first, today), today, horizonDays };
};

/**
 * Fills a tenant with properties made from real listings, in turns over the cities: the same seed and business date give the
 * same data, but for ids. Some properties a transaction, so a run that broke off is completed by the next one, and a larger
 * number adds to a smaller one. Throws AppError UNREADABLE_FILE before anything is written.
 */
export const createGenerate =
  (deps: ImportDependencies) =>
  async (caller: Caller, input: GenerateInput): Promise<GenerateReport> => {
    const { files, properties, seed, onProgress, signal } = input;
    const beganAt = performance.now();
    const [origin] = CITIES as readonly [City, ...City[]];
    const { first, calendars } = await readCalendars(files);
    const pattern = { seed, listings: calendars, origin, weekday: weekdayOf(first) };
    const numbers = Array.from({ length: properties }, (_, number) => generatedRef(seed, number));
    const known = await findKnown(deps.database, caller.scope, numbers);
    let made = 0;
    await boundedWork(CHUNKS_AT_ONCE, async (start) => {
      for (const [at, city] of CITIES.entries()) {
        const writeChunk = createChunkWriter(
          deps,
          caller,
          { procedure: 'imports.generate', market: city, dates: datesIn(city, first, deps) },
          (written) => {
            made += written.length;
            onProgress?.(known.size + made, properties);
          },
        );
        for (const chunk of chunksOf(at, input, known)) {
          signal?.throwIfAborted();
          await start(() => writeChunk(chunk.map((number) => madeUpListing(pattern, number, city))));
        }
      }
    });
    if (made > 0) await analyzeTables(deps.database, caller.scope);
    return {
      made,
      unchanged: known.size,
      cities: Math.min(properties, CITIES.length),
      milliseconds: Math.round(performance.now() - beganAt),
    };
  };
