import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configurationPage } from '../../../src/cli/configuration-page.ts';
import { settingRows } from '../../../src/config.ts';
import { newDataDir, runCli } from '../../support/cli-process.ts';

test('a bad configuration is refused with all faults at once and status 2, before anything is started', async () => {
  const dataDir = await newDataDir();
  const { status, stdout, stderr } = await runCli(['serve', '--data-dir', dataDir], {
    PORT: '70000',
    HOLD_MINUTES: 'ten',
    DATABASE_URL: 'mysql://user:hunter2@host/db',
    AUTH_SECRET: 'short-secret',
    LOG_LEVEL: 'loud',
  });
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr.split('\n').filter(Boolean)).toEqual([
    'The configuration has 6 faults:',
    '  - PORT must be a whole number from 0 to 65535.',
    '  - AUTH_SECRET must be at least 32 characters long.',
    '  - DATABASE_URL must be a URL like postgres://user:password@host:5432/database.',
    '  - HOLD_MINUTES must be a whole number from 1 to 1440.',
    '  - LOG_LEVEL must be one of trace, debug, info, warn, error, silent.',
    '  - DATA_KEY is required beside DATABASE_URL: 32 random characters or more.',
  ]);
  expect(await readdir(dataDir)).toEqual([]);
});

test('docs/configuration.md is what `innkeeper config --markdown` prints', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
  expect(page).toBe(configurationPage(settingRows()));
});

test('the values in force are shown, secrets only as set', async () => {
  const secret = 's'.repeat(40);
  const { status, stdout } = await runCli(['config', '--current', '--json'], { PORT: '8080', DATA_KEY: secret });
  expect(status).toBe(0);
  expect(stdout).not.toContain(secret);
  const rows: { name: string; current: string | null; default: string | null }[] = JSON.parse(stdout);
  const current = Object.fromEntries(rows.map((row) => [row.name, row.current]));
  expect(current).toMatchObject({ PORT: '8080', DATA_KEY: '(set)', AUTH_SECRET: null, HOST: '127.0.0.1' });
});
