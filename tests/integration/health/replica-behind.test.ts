import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose } from '../../../src/compose.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { testConfig, testMigrate } from '../../support/app.ts';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
let unmigrated: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  unmigrated = await createEmptyDatabase();
});
afterAll(async () => {
  await database.drop();
  await unmigrated.drop();
});

test('a read for which the replica lacks what the last migration made is answered by the primary', async () => {
  const config = testConfig(database, { DATABASE_REPLICA_URLS: unmigrated.primaryUrl });
  const application = await compose(config, { clock: systemClock });
  const read = application.database.read(newScope(null), 'replica', (db) =>
    sql`select name from migration where name like '0001%'`.execute(db),
  );
  await expect(read.finally(application.close)).resolves.toMatchObject({ rows: [{ name: '0001_tenants_and_access' }] });
});
