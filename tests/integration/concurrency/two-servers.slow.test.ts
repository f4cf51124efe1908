import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientOf, NOON, startApp, type TestApp } from '../../support/app.ts';
import { databaseSettings, readyUrl, startCli } from '../../support/cli-process.ts';
import { expectOrderlyFight } from './crowd.ts';
import { createFewRooms } from './few-rooms.ts';
import { persistently } from './persistently.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

it('guests of two server processes fight over the same few rooms, by clocks that differ, with the same result', async () => {
  const { tenantId, ownerKey, client } = await app.tenant('two-doors');
  const roomTypes = await createFewRooms(client);
  const settings = { ...databaseSettings({ ...app.database, replicaUrls: [] }), SWEEP_INTERVAL_MS: '200' };
  const servers = [0, 1].map(() => startCli(['serve', '--clock', NOON], settings));
  const clients = (await Promise.all(servers.map(readyUrl))).map((url) => clientOf(url, ownerKey));

  let calls = 0;
  let nowMs = Date.parse(NOON);
  /** The one clock goes on, then the other one. */
  const afterCall = async () => {
    nowMs += 3_000;
    const clock = clients[++calls % 2]?.clock;
    await persistently(async () => clock?.advance.mutate({ to: new Date(nowMs).toISOString() }), []);
  };
  await expectOrderlyFight({
    ...{ database: app.database, tenantId, nowMs: () => nowMs },
    ...{ clients, roomTypes, afterCall, guests: 32, callsEach: 10 },
  });
  expect(await Promise.all(servers.map((server) => server.end('SIGTERM')))).toEqual([0, 0]);
}, 120_000);
