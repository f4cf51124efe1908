import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConnectionBudget, checkConnections } from '../../../src/platform/db/connection-budget.ts';
import { openSources, type Sources } from '../../../src/platform/db/sources.ts';
import { testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { asSuperuser } from '../../support/superuser.ts';

let database: TestDatabase;
let sources: Sources;
let free: number;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  sources = openSources({
    ...{ urls: [database.primaryUrl], role: 'innkeeper_app', pooled: false },
    ...{ applicationName: 'test', timeoutMs: 5_000 },
  });
  const [row] = await asSuperuser<{ free: number }>(
    database,
    `select current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
       - current_setting('reserved_connections')::integer as free`,
  );
  free = row?.free ?? 0;
});
afterAll(async () => {
  await sources.close();
  await database.drop();
});

const budget = (changes: Partial<ConnectionBudget>): ConnectionBudget => ({
  ...{ serving: 2, workers: 1, poolSize: 10, jobsPoolSize: 4, reserved: 0 },
  ...changes,
});

test('processes that may want just what the primary has may start, one connection more and they may not', async () => {
  const needed = 2 * 13 + 17;
  await checkConnections(sources, budget({ reserved: free - needed }));
  await expect(checkConnections(sources, budget({ reserved: free - needed + 1 }))).rejects.toThrow(
    `may want ${free + 1} connections to the primary, which has ${free}`,
  );
});

test('a replica that takes no connections when a process starts, ends no process', async () => {
  const faults: unknown[] = [];
  const note = (fault: unknown) => faults.push(fault);
  const closed = new URL(database.primaryUrl);
  closed.port = '1';
  const withReplica = openSources({
    ...{ urls: [database.primaryUrl, closed.href], role: 'innkeeper_app', pooled: false },
    ...{ applicationName: 'test', timeoutMs: 5_000 },
  });
  process.prependListener('unhandledRejection', note);
  try {
    await checkConnections(withReplica, budget({}));
    // Refused for certain by now, and what nobody took care of was told.
    await Promise.allSettled(withReplica.ask('select 1'));
    await new Promise(setImmediate);
  } finally {
    process.off('unhandledRejection', note);
    await withReplica.close();
  }
  expect(faults).toEqual([]);
});
