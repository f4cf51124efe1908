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
