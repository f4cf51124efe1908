import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { checkRole, UnsafeRoleError } from '../../../src/platform/db/role-check.ts';
import { openSources } from '../../../src/platform/db/sources.ts';
import { testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { asSuperuser } from '../../support/superuser.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
});
afterAll(() => database.drop());

/** The check of a superuser's connection that takes `role`. */
const check = (role: string): Promise<void> => {
  const url = new URL(inject('embedded').adminUrl);
  url.pathname = new URL(database.ownerUrl).pathname;
  const sources = openSources({ urls: [url.href], role, pooled: false, applicationName: 'test', timeoutMs: 5_000 });
  onTestFinished(() => sources.close());
  return checkRole(sources);
};

const newRole = async (properties: string): Promise<string> => {
  const role = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(database, `create role ${role} ${properties}`);
  onTestFinished(async () => void (await asSuperuser(database, `drop role ${role}`)));
  return role;
};

test('the role that migrations make is held to row-level security', async () => {
  await expect(check('innkeeper_app')).resolves.toBeUndefined();
});

test('a role that row-level security does not hold is refused, saying why and what to do', async () => {
  await expect(check('postgres')).rejects.toThrow(/postgres is a superuser.*DATABASE_ROLE/);
  await expect(check('innkeeper_owner')).rejects.toThrow(/innkeeper_owner owns the table/);
  await expect(check(await newRole('bypassrls'))).rejects.toThrow(/has BYPASSRLS/);
  await expect(check(await newRole('noinherit in role innkeeper_owner'))).rejects.toThrow(
    /is a member of the role that does/,
  );
  await expect(check('postgres')).rejects.toBeInstanceOf(UnsafeRoleError);
});
