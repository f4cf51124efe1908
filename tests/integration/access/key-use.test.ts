import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeyUse } from '../../../src/features/access/key-use.ts';
import { standingClock } from '../../../src/kernel/clock.ts';
import type { Database } from '../../../src/platform/db/database.ts';
import { NOON, testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { openAsApp } from './app-database.ts';
import { A, allTables, fillForBoth } from './tenant-rows.ts';

let database: TestDatabase;
let app: Database;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  const needed = ['tenant', 'api_key'];
  await fillForBoth(
    database,
    (await allTables(database)).filter(({ name }) => needed.includes(name)),
  );
  app = await openAsApp(database, 2);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** The database, counting the transactions that it is asked for. */
const counting = (inner: Database) => {
  const counts = { transactions: 0 };
  const counted: Database = {
    ...inner,
    transaction: (...given) => {
      counts.transactions += 1;
      return inner.transaction(...given);
    },
  };
  return { counts, database: counted };
};

test('uses at the same time are noted in one transaction, and uses within a minute in none', async () => {
  const counted = counting(app);
  const clock = standingClock(NOON);
  const faults: unknown[] = [];
  const use = createKeyUse(counted.database, clock, (fault) => faults.push(fault));
  for (let i = 0; i < 20; i++) use.note({ tenant: A, id: A, lastUsedAt: null });
  await use.settled();
  expect(counted.counts.transactions).toBe(1);
  const rows = await asSuperuser(database, 'select id, last_used_at from api_key where last_used_at is not null');
  expect(rows).toEqual([{ id: A, last_used_at: new Date(NOON) }]);

  clock.advanceTo('2026-03-02T12:00:59.999Z');
  use.note({ tenant: A, id: A, lastUsedAt: NOON });
  await use.settled();
  expect(counted.counts.transactions).toBe(1);
  clock.advanceTo('2026-03-02T12:01:00.000Z');
  use.note({ tenant: A, id: A, lastUsedAt: NOON });
  await use.settled();
  expect(counted.counts.transactions).toBe(2);
  expect(faults).toEqual([]);
});

test('a use that cannot be noted harms nobody: the fault is reported, and the next use is noted', async () => {
  const away = new URL(database.primaryUrl);
  away.port = '1';
  const closed = await openAsApp({ ...database, primaryUrl: away.href, replicaUrls: [] }, 1);
  const faults: unknown[] = [];
  const use = createKeyUse(closed, standingClock(NOON), (fault) => faults.push(fault));
  use.note({ tenant: A, id: A, lastUsedAt: null });
  await use.settled();
  use.note({ tenant: A, id: A, lastUsedAt: null });
  await use.settled();
  expect(faults).toEqual([
    expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' }),
    expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' }),
  ]);
  await closed.close();
});
