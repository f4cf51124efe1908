import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDemoTenant } from '../../../src/startup/demo-tenant.ts';
import { suggestionsFor } from '../../../src/startup/suggestions.ts';
import { welcomePage } from '../../../src/startup/welcome.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { newDataDir } from '../../support/cli-process.ts';
import { createHotel } from '../../support/hotel.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startApp();
});
afterEach(() => app.close());

const permissionsOf = async (key = ''): Promise<string[]> => (await app.client(key).auth.me.query({})).permissions;

/** What the shell would make of a curl line. */
const request = async (command: string): Promise<Response> => {
  const words = [...command.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll(String.raw`'\''`, "'") ?? plain ?? '',
  );
  expect(words.slice(0, 2)).toEqual(['curl', '-s']);
  const after = (flag: string) => words.flatMap((word, at) => (word === flag ? [words[at + 1] ?? ''] : []));
  const [body] = after('-d');
  const headers = after('-H').map((line): [string, string] => [line.split(': ')[0] ?? '', line.split(': ')[1] ?? '']);
  return fetch(words[2] ?? '', { headers, ...(body === undefined ? {} : { method: 'POST', body }) });
};

test('an empty database gets the tenant demo, and its keys are kept where only the owner can read them', async () => {
  const dataDir = await newDataDir();
  const demo = await openDemoTenant(app.application, dataDir);
  expect(demo?.tenant).toBe('demo');
  expect(await permissionsOf(demo?.ownerKey)).toContain('apiKeys:manage');
  await expect(app.client(demo?.publishableKey ?? '').properties.list.query({})).resolves.toMatchObject({ items: [] });
  await expect(app.client(demo?.publishableKey ?? '').users.list.query({})).rejects.toThrow(/users:read/);
  expect((await stat(join(dataDir, 'keys.json'))).mode & 0o777).toBe(0o600);
  expect(await openDemoTenant(app.application, dataDir)).toEqual(demo);
});

test('a database that has tenants gets none', async () => {
  await app.tenant('seaside');
  expect(await openDemoTenant(app.application, null)).toBeNull();
});

test('every line that the start suggests works as printed', async () => {
  const demo = await openDemoTenant(app.application, null);
  if (!demo) return expect.unreachable('the database was empty');
  const suggested = () => suggestionsFor(app.application, app.clock, { url: app.url, demo });
  const bare = await suggested();
  await createHotel(app.client(demo.ownerKey), { property: { city: "L'Aquila" } });
  const suggestions = await suggested();
  expect([bare.length, suggestions.length]).toEqual([3, 3]);

  for (const { command } of [...bare, ...suggestions]) expect((await request(command)).status, command).toBe(200);
  const [, search, quote] = suggestions;
  expect(await (await request(search?.command ?? '')).json()).toMatchObject({ items: [{ city: "L'Aquila" }] });
  expect(await (await request(quote?.command ?? '')).json()).toMatchObject({ bookable: true });

  const page = welcomePage(
    {
      version: '1.2.3',
      url: app.url,
      adminUrl: `${app.url}1`,
      dataDir: null,
      standsAt: app.clock.nowIso(),
      demo,
      suggestions,
    },
    new PassThrough(),
  );
  for (const part of [app.url, demo.ownerKey, demo.publishableKey, app.clock.nowIso()]) expect(page).toContain(part);
  for (const { command } of suggestions) expect(page).toContain(`\n  ${command}\n`);
  expect(page).not.toContain('\x1b');
});
