import { expect, onTestFinished, test } from 'vitest';
import { migrationsList } from '../../../src/migrations/index.ts';
import { migrateUp } from '../../../src/platform/db/migrator.ts';
import { query } from '../../support/embedded-folder.ts';
import { createDatabase } from '../../support/postgres.ts';

const migrate = async (ownerUrl: string): Promise<void> => {
  await migrateUp({ ownerUrl, role: 'innkeeper_app', migrations: migrationsList(), lockTimeoutMs: 10_000 });
};

const TABLES = `select count(*)::int as tables from pg_tables where schemaname = 'public'`;

test('each test file has a migrated database of its own, there on the standby too', async () => {
  const [one, other] = await Promise.all([createDatabase(migrate), createDatabase(migrate)]);
  onTestFinished(() => one.drop());
  onTestFinished(() => other.drop());
  const [migrated] = await query(one.replicaUrls[0] ?? '', TABLES);
  expect(migrated).toMatchObject({ tables: expect.toSatisfy((count: number) => count > 10) });
  await query(one.ownerUrl, 'create table mine (value int)');
  expect(await query(one.ownerUrl, TABLES)).not.toEqual([migrated]);
  expect(await query(other.ownerUrl, TABLES)).toEqual([migrated]);
});

test('a dropped test database is gone', async () => {
  const database = await createDatabase(migrate);
  await database.drop();
  await expect(query(database.primaryUrl, 'select 1')).rejects.toMatchObject({ code: '3D000' });
});
