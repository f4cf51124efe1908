import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInnkeeperClient } from '../../client/index.ts';
import { earliest } from '../../kernel/dates.ts';
import { startProgress } from '../progress.ts';
import { UsageError } from '../run-command.ts';
import { verifyTenants } from '../verify/action.ts';
import { reportPage } from '../verify/report-page.ts';
import { roomsForEveryBooking, roomsStayedIn } from './capacity.ts';
import { drive, noonOf } from './drive.ts';
import { figuresOf } from './figures.ts';
import { openHotels } from './hotels.ts';
import { type Journal, openJournal } from './journal.ts';
import { startOwnServer } from './own-server.ts';
import { differencesFromPublished } from './published.ts';
import type { Refusal } from './refusal.ts';
import type { Row } from './row.ts';
import { readRows } from './rows.ts';
import { schedule } from './schedule.ts';
import { refusedForRooms } from './simulation.ts';
import { linesOf } from './source.ts';
import { type ClosingReport, closingReport } from './table.ts';
import { tallyBookings } from './tally-bookings.ts';

/** The codes that the API refuses with. A negative rate is no valid price at all. */
const CODES: Record<Refusal, string> = {
  no_nights: 'NO_NIGHTS',
  no_guests: 'NO_GUESTS',
  negative_rate: 'INVALID_INPUT',
  no_rooms: 'NOT_AVAILABLE',
};

export interface ReplayOptions {
  url?: string;
  key?: string;
  capacity: 'planned' | 'stayed';
  dataDir?: string;
  atOnce: number;
}

interface Target {
  url: string;
  apiKey: string;
}

const replay = async (
  file: string,
  rows: Row[],
  target: Target,
  journal: Journal,
  options: ReplayOptions,
): Promise<ClosingReport> => {
  const stayed = options.capacity === 'stayed';
  const capacities = stayed ? roomsStayedIn(rows) : roomsForEveryBooking(rows);
  const client = createInnkeeperClient({ ...target, batchSize: 4, timeoutMs: 60_000 });
  const hotels = await openHotels(client, capacities);
  const progress = startProgress('Replaying');
  const { atOnce } = options;
  await drive({ client, hotels, journal, rows, atOnce, oneStream: stayed, onProgress: progress.at }).finally(
    progress.end,
  );
  const found = await tallyBookings(client, hotels, rows, journal);
  const expected = await figuresOf(linesOf(file), stayed ? refusedForRooms(rows, capacities) : new Set());
  return closingReport(found, expected, CODES);
};

const readFile = async (file: string): Promise<Row[]> => {
  const { rows, broken } = await readRows(file);
  for (const { line, reason } of broken) process.stderr.write(`line ${line}: ${reason}\n`);
  if (broken.length > 0) throw new Error('The file has broken lines; nothing was replayed.');
  const differences = differencesFromPublished(await figuresOf(linesOf(file)));
  for (const { what, expected, found } of differences) {
    process.stdout.write(`The file is not the published one: ${what} ${found}, published ${expected}\n`);
  }
  return rows;
};

const firstDayLeft = (rows: Row[], journal: Journal): string => {
  for (const { date } of schedule(rows)) if (date > journal.lastDay()) return date;
  return earliest(rows.map(({ bookedOn }) => bookedOn));
};

const megabytes = (bytes: number | null) => (bytes === null ? 'not known here' : `${Math.round(bytes / 1e6)} MB`);

export interface Outcome {
  /** The closing table, as plain text without a trailing line end. */
  text: string;
  /** Whether the API, the file and the ledger agree on everything. */
  asExpected: boolean;
}

const outcomeOf = ({ text, differences }: ClosingReport): Outcome => ({ text, asExpected: differences.length === 0 });

const verified = async (dataDir: string, { text, asExpected }: Outcome): Promise<Outcome> => {
  const tenants = await verifyTenants({ dataDir });
  const clean = tenants.every((tenant) => tenant.clean);
  return { text: `${text}\n\n${reportPage(tenants).trimEnd()}`, asExpected: asExpected && clean };
};

const onOwnServer = async (file: string, rows: Row[], options: ReplayOptions): Promise<Outcome> => {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'innkeeper-replay-')));
  const journalPath = join(dataDir, 'replay.jsonl');
  const journal = openJournal(journalPath);
  let done = false;
  const server = await startOwnServer(dataDir, noonOf(firstDayLeft(rows, journal)));
  try {
    const report = await replay(file, rows, server, journal, options);
    const { text, asExpected } = await verified(dataDir, outcomeOf(report));
    done = options.dataDir === undefined;
    return { text: `${text}\n\nPeak memory of the server: ${megabytes(server.peakMemory())}`, asExpected };
  } catch (error) {
    process.stderr.write(`The replay broke off. Continue it with --data-dir ${dataDir}\n`);
    throw error;
  } finally {
    journal.flush();
    await server.stop();
    if (done) await rm(dataDir, { recursive: true });
  }
};

const onGivenServer = async (file: string, rows: Row[], options: ReplayOptions & { url: string }): Promise<Outcome> => {
  if (!options.key) throw new UsageError('--url needs --key, an API key of an owner in an empty tenant.');
  const journal = openJournal('hotel-demand.replay.jsonl');
  const report = await replay(file, rows, { url: options.url, apiKey: options.key }, journal, options).finally(
    journal.flush,
  );
  return outcomeOf(report);
};

/** Sends the file's rows through an API, its own unless a URL is given. Broken off, it goes on where it stopped. */
export const replayFile = async (file: string, options: ReplayOptions): Promise<Outcome> => {
  const rows = await readFile(file);
  const { url } = options;
  return url ? onGivenServer(file, rows, { ...options, url }) : onOwnServer(file, rows, options);
};
