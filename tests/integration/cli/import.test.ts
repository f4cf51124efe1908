import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { databaseSettings, runCli } from '../../support/cli-process.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/inside-airbnb');

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

const importCity = (...args: string[]) =>
  runCli(
    [
      ...['import', 'inside-airbnb', '--listings', join(FIXTURES, 'listings.csv')],
      ...['--calendar', join(FIXTURES, 'calendar.csv'), ...args],
    ],
    databaseSettings(app.database),
  );

test('without a tenant it says how to make one', async () => {
  const { status, stderr } = await importCity();
  expect(status).toBe(2);
  expect(stderr).toContain('innkeeper keys tenant create');
});

test('it imports for the only tenant, prints the counts and writes every refused row to the report', async () => {
  const { client } = await app.tenant('only');
  const path = join(inject('runFolder'), 'import-report.json');
  const { status, stdout, stderr } = await importCity(
    '--no-shift',
    '--currency',
    'EUR',
    '--city',
    'Gent',
    '--report',
    path,
  );
  expect(stderr).toContain('Loading the calendar …');
  expect(stdout).toMatch(/listings +12 +4 +8 +4 +0/);
  expect(stdout).toContain('calendar: price is not an amount above zero (lines 16, 27)');
  expect(status).toBe(0);

  const report: unknown = JSON.parse(await readFile(path, 'utf8'));
  expect(report).toMatchObject({
    listings: { read: 12, taken: 4, refused: 8 },
    dates: { movedTo: '2024-06-29' },
    refused: expect.arrayContaining([{ file: 'calendar', line: 16, reason: 'price is not an amount above zero' }]),
  });
  expect((await client.properties.list.query({ city: 'gent' })).items.map(({ currency }) => currency)).toEqual(
    Array(4).fill('EUR'),
  );
});

test('with several tenants it wants to know whose properties they become', async () => {
  const { client } = await app.tenant('other');
  const { status, stderr } = await importCity();
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('one of only, other') });
  expect((await importCity('--tenant', 'other')).status).toBe(0);
  expect((await client.properties.list.query({})).items).toHaveLength(4);
});

test('a file that can’t be read fails the command, and names the file', async () => {
  const { status, stderr } = await importCity('--tenant', 'only', '--calendar', '/nowhere/calendar.csv.gz');
  expect(status).toBe(1);
  expect(stderr).toContain('/nowhere/calendar.csv.gz');
});

test.each([
  ['--currency', 'XXA'],
  ['--time-zone', 'Europe/Atlantis'],
  ['--country', 'Belgium'],
  ['--city', ''],
])('a wrong %s is a wrong call', async (...option) => {
  const { status, stderr } = await importCity(...option);
  expect(status).toBe(2);
  expect(stderr).toContain(option[0]);
});
