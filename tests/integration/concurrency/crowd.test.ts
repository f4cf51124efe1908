import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepAllHolds } from '../../../src/features/inventory/index.ts';
import { AppError } from '../../../src/kernel/app-error.ts';
import { startApp, type TestApp, testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { expectOrderlyFight } from './crowd.ts';
import { deadlocksIn } from './deadlocks.ts';
import { createFewRooms } from './few-rooms.ts';

let database: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  app = await startApp({ database: { ...database, replicaUrls: [] } });
});
afterAll(() => database.drop());

let calls = 0;
/** A second and a half pass with each call, and now and then somebody tidies up. */
const afterCall = async () => {
  app.clock.advanceTo(new Date(app.clock.nowMs() + 1_500).toISOString());
  if (++calls % 20 > 0) return;
  await sweepAllHolds(app.application.database, app.clock).catch((error: unknown) => {
    if (!(error instanceof AppError) || !error.retryable) throw error;
  });
};

it('64 guests fight over few rooms while connections are cut: nothing is sold twice, lost or told wrong', async () => {
  const { tenantId, client } = await app.tenant('crowd');
  const roomTypes = await createFewRooms(client);
  await expectOrderlyFight({
    ...{ database, tenantId, nowMs: app.clock.nowMs },
    ...{ clients: [client], roomTypes, afterCall, guests: 64, callsEach: 8 },
  });
  // What was cut is replaced: a pool's worth of calls at once goes through.
  const all = Array.from({ length: app.config.DATABASE_POOL_SIZE }, () => client.bookings.list.query({}));
  expect(await Promise.all(all)).toHaveLength(app.config.DATABASE_POOL_SIZE);
  await app.close();
  expect(await deadlocksIn(database)).toBe(0);
}, 120_000);
