import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Row } from '../../../src/cli/replay/row.ts';
import { addDays } from '../../../src/kernel/dates.ts';
import { ENTRY, newDataDir, runCli, startProgram } from '../../support/cli-process.ts';
import { HEADER, lineOf, rowWith } from '../../unit/replay/demand.ts';

const ROWS = 400;
/** The 23rd of each 23 rows has nobody in it, the 29th of each 29 has a negative rate. */
const WITHOUT_GUESTS = Math.floor(ROWS / 23);
const WITH_NEGATIVE_RATE = Math.floor(ROWS / 29);

const rowAt = (row: number): Row => {
  const arrival = addDays('2016-02-20', row % 14);
  const leadDays = row % 6;
  const nights = 1 + (row % 4);
  const status = (['Check-Out', 'Canceled', 'No-Show'] as const)[row % 3] ?? 'Check-Out';
  const statusDate = {
    'Check-Out': addDays(arrival, nights),
    Canceled: addDays(arrival, -leadDays),
    'No-Show': arrival,
  };
  return rowWith({
    ...{ row, arrival, leadDays, nights, status, statusDate: statusDate[status] },
    bookedOn: addDays(arrival, -leadDays),
    hotel: row % 2 ? 'city' : 'resort',
    adults: row % 23 === 0 ? 0 : 2,
    rate: row % 29 === 0 ? -100 : 5_000 + row,
  });
};

/** Starts the program on the file; `node` is the one that runs it, without a launcher between. */
const replay = (file: string, dataDir: string) =>
  startProgram(process.execPath, [ENTRY, 'replay', 'hotel-demand', file, '--data-dir', dataDir]);

test('a replay that was killed takes its server with it, continues where it was, and agrees with the file and the ledger', async () => {
  const dataDir = await newDataDir();
  const file = join(dataDir, 'demand.csv');
  const lines = Array.from({ length: ROWS }, (_, index) => lineOf(rowAt(index + 1)));
  await writeFile(file, `${[HEADER, ...lines].join('\n')}\n`);

  const broken = replay(file, dataDir);
  await broken.printed(/Replaying … \d+ %/);
  expect(await broken.end('SIGKILL')).toBeNull();
  await expect
    .poll(async () => (await runCli(['verify', '--data-dir', dataDir])).stdout, { timeout: 60_000, interval: 500 })
    .toContain('Nothing is off in 1 tenant.');

  const whole = replay(file, dataDir);
  expect(await whole.exited, whole.stderr).toBe(0);
  const [total = ''] = /^total .*$/m.exec(whole.stdout) ?? [];
  expect(total.trim().split(/ +/)).toEqual([
    ...['total', ROWS, ROWS - WITHOUT_GUESTS - WITH_NEGATIVE_RATE].map(String),
    ...[WITH_NEGATIVE_RATE, WITHOUT_GUESTS, ROWS].map(String),
  ]);
  expect(whole.stdout).toContain('No differences.');
  expect(whole.stdout).toContain('Nothing is off in 1 tenant.');
}, 180_000);

test('a wrong number of calls at once is a wrong call', async () => {
  const { status, stderr } = await runCli(['replay', 'hotel-demand', 'nowhere.csv', '--at-once', 'many']);
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('from 1 to 1000') });
});
