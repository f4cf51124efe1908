import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { checkLedger, readCounts } from '../../../src/features/monitoring/index.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { connectionForLibraries } from '../../../src/platform/db/connection.ts';
import { createQueue, openQueue } from '../../../src/platform/jobs/queue.ts';
import { runNow } from '../../../src/platform/jobs/run-now.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel, holdRoom } from '../../support/hotel.ts';
import { settledEvents } from '../../support/settled-events.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
beforeAll(async () => {
  // The ledger is damaged on purpose.
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' }, verified: false });
});
afterAll(() => app.close());

const count = () =>
  readCounts({
    database: app.application.database,
    clock: app.clock,
    machineClock: systemClock,
    consumers: ['webhooks'],
  });

it('holds and untold events of all tenants are counted together, with the age of the oldest', async () => {
  const tenants = [await app.tenant('counted-one'), await app.tenant('counted-two')];
  for (const { client, tenantId } of tenants) {
    const hotel = await createHotel(client);
    await holdRoom(client, hotel, '2026-04-01', '2026-04-03', 5);
    await settledEvents(app.database, tenantId);
  }
  expect(await count()).toMatchObject({ holdsLive: 2, holdsExpired: 0, oldestExpiredHoldSeconds: 0, outboxPending: 2 });

  app.clock.advanceTo('2026-03-02T12:10:00.000Z');
  expect(await count()).toMatchObject({
    ...{ holdsLive: 0, holdsExpired: 2, oldestExpiredHoldSeconds: 300 },
    ...{ outboxPending: 2, oldestEventSeconds: 600, deliveriesDue: 0, ledgerFaults: null },
  });

  for (const { tenantId } of tenants) await app.application.dispatcher.tell(tenantId);
  expect(await count()).toMatchObject({ outboxPending: 0, oldestEventSeconds: 0 });
});

it('a check of the ledger leaves the number of rows that break a promise', async () => {
  expect(await checkLedger(app.application.database, systemClock)).toBe(0);
  expect(await count()).toMatchObject({ ledgerFaults: 0 });
  const { client, tenantId } = await app.tenant('damaged');
  await createHotel(client);
  await tenantRows(
    app.database,
    tenantId,
    `update inventory_night set held = 1 where ctid = (select min(ctid) from inventory_night where tenant_id = app.tenant())`,
    [],
  );
  expect(await checkLedger(app.application.database, systemClock)).toBe(1);
  const { ledgerFaults, ledgerCheckedAtSeconds } = await count();
  expect(ledgerFaults).toBe(1);
  expect(Math.abs((ledgerCheckedAtSeconds ?? 0) - systemClock.nowMs() / 1_000)).toBeLessThan(60);
});

it('a job that was told to begin at once, ahead of all others, has not waited since 1970', async () => {
  const queue = createQueue({
    ...{
      connection: connectionForLibraries(app.database.primaryUrl),
      role: 'innkeeper_app',
      poolSize: 2,
      tends: false,
    },
    onFault: () => {},
  });
  await queue.start();
  onTestFinished(() => queue.stop({ graceful: false }));
  await openQueue(queue, 'urgent', true);
  await queue.send('urgent', {}, { startAfter: 3_600 });
  expect(await count()).toMatchObject({ jobsWaiting: 0 });
  expect(await runNow(queue, 'urgent')).toBe(true);
  const { jobsWaiting, oldestJobSeconds } = await count();
  expect(jobsWaiting).toBe(1);
  expect(oldestJobSeconds).toBeLessThan(60);
});
