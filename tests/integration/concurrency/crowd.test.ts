import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepAllHolds } from '../../../src/features/inventory/index.ts';
import { AppError } from '../../../src/kernel/app-error.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import type { Hotel } from '../../support/hotel.ts';
import { disagreements } from './agreement.ts';
import { again, cutConnections, sample } from './disturbances.ts';
import { createFewRooms } from './few-rooms.ts';
import { behaveAsGuest } from './guest.ts';
import { seeded } from './random.ts';

const SEED = 20_260_302;
const GUESTS = 64;
const CALLS = 12;

let app: TestApp;
let tenant: TestTenant;
let roomTypes: Hotel[];
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  tenant = await app.tenant('crowd');
  roomTypes = await createFewRooms(tenant.client);
});
afterAll(() => app.close());

/** Twenty seconds pass in a moment, and now and then somebody tidies up. */
const timePasses = () => {
  let ticks = 0;
  return again(50, async () => {
    app.clock.advanceTo(new Date(app.clock.nowMs() + 20_000).toISOString());
    if (++ticks % 5 > 0) return;
    await sweepAllHolds(app.application.database, app.clock).catch((error: unknown) => {
      if (!(error instanceof AppError) || !error.retryable) throw error;
    });
  });
};

it('64 guests fight over few rooms while connections are cut: nothing is sold twice, lost or told wrong', async () => {
  const cutter = await cutConnections(app.database, 200);
  const sampler = sample(app.database, tenant.tenantId);
  const time = timePasses();
  const memories = await Promise.all(
    Array.from({ length: GUESTS }, (_, index) =>
      behaveAsGuest([tenant.client], roomTypes, seeded(SEED + index), CALLS),
    ),
  ).finally(time.stop);
  const [seen, cuts] = await Promise.all([sampler.stop(), cutter.stop()]);
  const tally = (events: string[]) =>
    Object.fromEntries(Object.entries(Object.groupBy(events, (e) => e)).map(([k, v]) => [k, v?.length ?? 0]));
  console.log(tally(memories.flatMap((m) => m.outcomes)), tally(memories.flatMap((m) => m.faults)), seen.samples, cuts);

  expect(seen.faults).toEqual([]);
  expect(memories.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  expect(await disagreements(app.database, tenant.tenantId, memories, app.clock.nowMs())).toEqual([]);
  expect(new Set(memories.flatMap(({ faults }) => faults))).toEqual(new Set(['503 DATABASE_UNAVAILABLE']));
}, 120_000);
