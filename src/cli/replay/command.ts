import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { createInnkeeperClient } from '../../client/index.ts';
import { earliest } from '../../kernel/dates.ts';
import { startProgress } from '../progress.ts';
import { ExitStatus, UsageError } from '../run-command.ts';
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

interface Options {
  url?: string;
  key?: string;
  capacity: 'planned' | 'stayed';
  dataDir?: string;
  atOnce: string;
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
  options: Options,
): Promise<ClosingReport> => {
  const stayed = options.capacity === 'stayed';
  const capacities = stayed ? roomsStayedIn(rows) : roomsForEveryBooking(rows);
  const client = createInnkeeperClient({ ...target, batchSize: 4, timeoutMs: 60_000 });
  const hotels = await openHotels(client, capacities);
  const progress = startProgress('Replaying');
  const atOnce = Number(options.atOnce);
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

const onOwnServer = async (file: string, rows: Row[], options: Options): Promise<ClosingReport> => {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'innkeeper-replay-')));
  const journalPath = join(dataDir, 'replay.jsonl');
  const journal = openJournal(journalPath);
  let done = false;
  const server = await startOwnServer(dataDir, noonOf(firstDayLeft(rows, journal)));
  try {
    const report = await replay(file, rows, server, journal, options);
    process.stdout.write(`Peak memory of the server: ${megabytes(server.peakMemory())}\n`);
    done = options.dataDir === undefined;
    return report;
  } catch (error) {
    process.stderr.write(`The replay broke off. Continue it with --data-dir ${dataDir}\n`);
    throw error;
  } finally {
    journal.flush();
    await server.stop();
    if (done) await rm(dataDir, { recursive: true });
  }
};

const onGivenServer = async (file: string, rows: Row[], options: Options & { url: string }): Promise<ClosingReport> => {
  if (!options.key) throw new UsageError('--url needs --key, an API key of an owner in an empty tenant.');
  const journal = openJournal('hotel-demand.replay.jsonl');
  return replay(file, rows, { url: options.url, apiKey: options.key }, journal, options).finally(journal.flush);
};

export const registerReplay = (program: Command): void => {
  program
    .command('replay')
    .description('Send recorded demand through the running API and compare what became of it with the file.')
    .command('hotel-demand <file>')
    .description('The hotel booking demand dataset (Antonio, de Almeida, Nunes 2019), plain or gzipped.')
    .option('--url <url>', 'a server that stands on --clock; one of its own in a temporary folder unless given')
    .option('--key <key>', 'an API key for --url')
    .option('--data-dir <folder>', 'where the own server keeps its data; a broken run continues there')
    .option('--at-once <calls>', 'calls under way at once', '16')
    .addOption(
      new Option('--capacity <rooms>', 'rooms for every booking, or only those stayed in')
        .choices(['planned', 'stayed'])
        .default('planned'),
    )
    .action(async (file: string, options: Options) => {
      const startedAt = performance.now();
      const rows = await readFile(file);
      const { url } = options;
      const report = url
        ? await onGivenServer(file, rows, { ...options, url })
        : await onOwnServer(file, rows, options);
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      process.stdout.write(`${report.text}\n\nReplayed in ${Math.floor(seconds / 60)} min ${seconds % 60} s.\n`);
      if (report.differences.length > 0) throw new ExitStatus(1);
    });
};
