import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { ConfigError, currentSettings, overriddenBy, readSettings, settingRows } from '../../../src/config.ts';

const SECRETS = { DATA_KEY: 'd'.repeat(32), AUTH_SECRET: 'a'.repeat(32) };
const URL_ = 'postgres://host/db';

const faultsOf = (environment: Record<string, string>, secrets: 'needed' | 'not needed' = 'needed'): string[] => {
  try {
    readSettings(environment, secrets);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : expect.unreachable(String(error));
  }
};

test('nothing has to be set', () => {
  expect(readSettings({})).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', DATABASE_REPLICA_URLS: [] });
});

test('an empty setting counts as not given', () => {
  expect(readSettings({ PORT: '', DATABASE_URL: '', DATABASE_REPLICA_URLS: '' })).toEqual(readSettings({}));
});

test('every setting has a type and a meaning, and its default is taken as its documentation says', () => {
  const values: Record<string, unknown> = readSettings({});
  for (const { name, type, meaning, default: byDefault } of settingRows()) {
    expect(type, name).not.toBe('');
    expect(meaning, name).toMatch(/\.$/);
    const documented = byDefault === 'the host name' ? hostname() : byDefault;
    if (values[name] !== undefined && documented !== null) expect(String(values[name]), name).toBe(documented);
  }
  expect(settingRows().map(({ name }) => name)).toEqual(Object.keys(values));
});

test.for(['-1', '65536', '3000.5', '0x10', '1e3', ' 80', 'eighty'])('PORT=%s is refused', (port) => {
  expect(faultsOf({ PORT: port })).toEqual(['PORT must be a whole number from 0 to 65535.']);
});

test('secrets are needed beside DATABASE_URL, except where they are not used', () => {
  expect(faultsOf({ DATABASE_URL: URL_ })).toHaveLength(2);
  expect(faultsOf({ DATABASE_URL: URL_, ...SECRETS })).toEqual([]);
  expect(faultsOf({ DATABASE_URL: URL_ }, 'not needed')).toEqual([]);
});

test('replicas and a login for migrations make no sense without DATABASE_URL', () => {
  expect(faultsOf({ DATABASE_REPLICA_URLS: URL_, DATABASE_MIGRATION_URL: URL_ })).toHaveLength(2);
});

test('several replicas are separated by commas, and each has to be a URL', () => {
  const read = readSettings({ DATABASE_URL: URL_, DATABASE_REPLICA_URLS: `${URL_},${URL_}`, ...SECRETS });
  expect(read.DATABASE_REPLICA_URLS).toEqual([URL_, URL_]);
  expect(faultsOf({ DATABASE_URL: URL_, DATABASE_REPLICA_URLS: `${URL_},`, ...SECRETS })).toHaveLength(1);
});

test('a fault never shows the value it is about', () => {
  const faults = faultsOf({ DATABASE_URL: 'mysql://user:hunter2@host', DATA_KEY: 'hunter2' });
  expect(faults).not.toEqual([]);
  expect(faults.join()).not.toContain('hunter2');
});

test('values in force are shown as text, secrets as set', () => {
  const shown = currentSettings({ DATABASE_URL: 'postgres://u:hunter2@host/db', ...SECRETS, LOG_LEVEL: 'warn' });
  expect(shown).toMatchObject({ DATABASE_URL: '(set)', DATA_KEY: '(set)', LOG_LEVEL: 'warn', MIGRATE_ON_START: null });
});

test('options of the command line come before the environment, where they are given', () => {
  const environment = overriddenBy({ PORT: '1', HOST: undefined }, { PORT: '2', HOST: '::1' });
  expect(environment).toEqual({ PORT: '1', HOST: '::1' });
});

test('the primary may be one of several hosts, whose faults are told together', () => {
  const several = 'postgres://user:hunter2@h1:5432,h2:5433/db?target_session_attrs=read-write';
  const given = { DATABASE_URL: several, DATABASE_MIGRATION_URL: several, ...SECRETS };
  expect(readSettings(given)).toMatchObject({ DATABASE_URL: several, DATABASE_MIGRATION_URL: several });
  expect(faultsOf({ ...given, DATABASE_URL: 'postgres://h1,h1:x/db?target_session_attrs=any', PORT: 'x' })).toEqual([
    'PORT must be a whole number from 0 to 65535.',
    'DATABASE_URL names a second host that is not like name:5432.',
    'DATABASE_URL must say target_session_attrs=read-write or leave it out.',
  ]);
  expect(faultsOf({ ...given, DATABASE_URL: 'mysql://h1,h2/db' })).toHaveLength(1);
});
