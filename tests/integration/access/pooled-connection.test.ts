import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../../src/kernel/app-error.ts';
import type { Database, Sql } from '../../../src/platform/db/database.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { asSuperuser } from '../../support/superuser.ts';
import { openAsApp } from './app-database.ts';
import { A, allTables, B, fillForBoth } from './tenant-rows.ts';

let database: TestDatabase;
let app: Database;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  await fillForBoth(
    database,
    (await allTables(database)).filter(({ name }) => name === 'tenant' || name === 'property'),
  );
  app = await openAsApp(database, 1);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const seen = async (db: Sql): Promise<string[]> => {
  const { rows } = await sql<{ tenant_id: string }>`select tenant_id from property`.execute(db);
  return rows.map((row) => row.tenant_id);
};

class Provoked extends Error {}
const provoke = () => Promise.reject(new Provoked());

/** Ways in which a connection may come back to the pool. */
const DISTURBANCES = {
  nothing: seen,
  'a failing statement': (db: Sql) => sql`select 1 / 0`.execute(db),
  'a broken statement': (db: Sql) => sql`selec 1`.execute(db),
  'an error of the caller': provoke,
  'a cut connection': (db: Sql) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(db),
  'a cut before the commit': async (db: Sql) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
    await asSuperuser(database, 'select pg_terminate_backend($1)', [rows[0]?.pid]);
  },
  'a statement that takes too long': (db: Sql) =>
    sql`select set_config('statement_timeout', '5', true), pg_sleep(0.05)`.execute(db),
} as const;

const disturbances = Object.keys(DISTURBANCES) as (keyof typeof DISTURBANCES)[];
const step = fc.record({
  tenant: fc.constantFrom(A, B, null),
  way: fc.constantFrom('primary', 'replica', 'transaction'),
  disturbance: fc.constantFrom(...disturbances),
});

const onlyUnavailable = (error: unknown) => {
  if (!(error instanceof AppError) || error.code !== 'DATABASE_UNAVAILABLE') throw error;
  return [];
};

const ownOnly = (tenant: string | null) => (tenant === null ? [] : [tenant]);

test('the one connection of a pool never carries a tenant over, whatever happened on it before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
      for (const { tenant, way, disturbance } of steps) {
        const work = async (db: Sql) => {
          expect(await seen(db)).toEqual(ownOnly(tenant));
          await DISTURBANCES[disturbance](db);
        };
        const scope = newScope(tenant);
        const disturbed =
          way === 'transaction' ? app.transaction(scope, ({ sql: db }) => work(db)) : app.read(scope, way, work);
        const outcome = await disturbed.then(
          () => 'done',
          (error: unknown) => (error as Error).constructor.name,
        );
        expect(outcome).not.toBe('AssertionError');
        for (const side of ['primary', 'replica'] as const) {
          // A connection that was cut while it lay in the pool fails once; the next must be there, and clean.
          expect(await app.read(newScope(null), side, seen).catch(onlyUnavailable)).toEqual([]);
          expect(await app.read(newScope(null), side, seen)).toEqual([]);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('requests of two tenants that wait for the one connection each get their own rows', async () => {
  const scopes = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? null : i % 3 === 1 ? A : B));
  const answers = await Promise.all(
    scopes.map((tenant, i) =>
      i % 2 === 0
        ? app.read(newScope(tenant), 'primary', seen)
        : app.transaction(newScope(tenant), ({ sql: db }) => seen(db)),
    ),
  );
  expect(answers).toEqual(scopes.map(ownOnly));
});

test('a statement outside of any scope is refused', async () => {
  let leaked: Sql | undefined;
  await app.read(newScope(A), 'primary', async (db) => {
    leaked = db;
  });
  await expect(sql`select 1`.execute(leaked as Sql)).rejects.toThrow('outside a scope');
});
