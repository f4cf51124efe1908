import { expect, test } from 'vitest';
import { hostListFaults, hostUrls } from '../../../src/kernel/host-list.ts';

test('a URL of one host is taken as it is', () => {
  for (const url of ['postgres://u:p@h:5432/db?target_session_attrs=any', 'postgres:///db', 'postgres://u:a,b@h/db']) {
    expect(hostUrls(url)).toEqual([url]);
    expect(hostListFaults(url)).toEqual([]);
  }
});

test('one of several hosts is a URL for each, with login, database and settings, less what only a list has', () => {
  const url = 'postgresql://u:p,%40@h1:5433,[::1],h3:5432/db?sslmode=disable&target_session_attrs=read-write';
  expect(hostListFaults(url)).toEqual([]);
  expect(hostUrls(url)).toEqual([
    'postgresql://u:p,%40@h1:5433/db?sslmode=disable',
    'postgresql://u:p,%40@[::1]/db?sslmode=disable',
    'postgresql://u:p,%40@h3:5432/db?sslmode=disable',
  ]);
});

test('all faults of a list are told, and no value', () => {
  const url = 'postgres://u:hunter2@h1,,H1:5432,h2:99999/db?target_session_attrs=standby';
  expect(hostListFaults(url)).toEqual([
    'names a second host that is not like name:5432',
    'names its first host again as the third',
    'names a fourth host that is not like name:5432',
    'must say target_session_attrs=read-write or leave it out',
  ]);
});
