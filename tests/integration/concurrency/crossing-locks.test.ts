import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant, testMigrate } from '../../support/app.ts';
import type { Hotel } from '../../support/hotel.ts';
import { key } from '../../support/hotel.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { asked, stay } from '../../support/stays.ts';
import { superuserUrl } from '../../support/superuser.ts';
import { deadlocksIn } from './deadlocks.ts';
import { createFewRooms } from './few-rooms.ts';
import { persistently } from './persistently.ts';

let database: TestDatabase;
let app: TestApp;
let tenant: TestTenant;
let roomTypes: Hotel[];
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  app = await startApp({ database: { ...database, replicaUrls: [] }, settings: { DATABASE_POOL_SIZE: '16' } });
  tenant = await app.tenant('crossing');
  roomTypes = await createFewRooms(tenant.client);
});
afterAll(() => database.drop());

/** Two transactions that take the same two nights in opposite orders, which is what the ledger never does. */
const provokeDeadlock = async (): Promise<void> => {
  const [one, other] = await Promise.all(
    [0, 1].map(async () => {
      const client = new pg.Client({ connectionString: superuserUrl(database) });
      await client.connect();
      await client.query(`set deadlock_timeout = '10ms'; begin`);
      return client;
    }),
  );
  if (!one || !other) throw new Error('two clients were made');
  const lock = (client: pg.Client, night: string) =>
    client.query('select from inventory_night where room_type_id = $1 and night = $2 for update', [
      roomTypes[0]?.roomTypeId,
      night,
    ]);
  await lock(one, '2026-05-01');
  await lock(other, '2026-05-02');
  await Promise.allSettled([lock(one, '2026-05-02'), lock(other, '2026-05-01')]);
  await Promise.all([one.end(), other.end()]);
};

it('bookings that name the same rooms and nights in opposite orders never wait for each other in a circle', async () => {
  const [double, suite] = roomTypes;
  if (!double || !suite) throw new Error('two room types were made');
  const lines = [stay(double, '2026-05-01', '2026-05-08'), stay(suite, '2026-05-04', '2026-05-11')];
  const faults: string[] = [];
  const { bookings } = tenant.client;
  const one = async (index: number) => {
    const ordered = index % 2 ? lines : lines.toReversed();
    const hold = index % 3 === 0;
    const input = asked(...ordered);
    const taken = await persistently(
      () => (hold ? bookings.hold.mutate(input) : bookings.create.mutate(input)),
      faults,
    );
    if (!('answer' in taken)) return;
    const again = { ...asked(...ordered.toReversed()), replacesHold: taken.answer.id };
    if (hold) await persistently(() => bookings.create.mutate(again), faults);
    else
      await persistently(() => bookings.cancel.mutate({ bookingId: taken.answer.id, idempotencyKey: key() }), faults);
  };
  for (let round = 0; round < 4; round++) {
    await Promise.all(Array.from({ length: 32 }, (_, index) => one(index)));
    app.clock.advanceTo(new Date(app.clock.nowMs() + 600_000).toISOString());
  }
  expect(faults).toEqual([]);
  await app.close();
  expect(await deadlocksIn(database)).toBe(0);
  await provokeDeadlock();
  expect(await deadlocksIn(database), 'one that was provoked is counted').toBe(1);
});
