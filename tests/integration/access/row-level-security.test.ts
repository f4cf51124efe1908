import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Database, Sql } from '../../../src/platform/db/database.ts';
import { faultCode } from '../../../src/platform/db/faults.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { waitForReplay } from '../../support/replay-wait.ts';
import { asSuperuser, onConnection } from '../../support/superuser.ts';
import { openAsApp } from './app-database.ts';
import { A, allTables, B, fillForBoth, rowOf, type Table } from './tenant-rows.ts';

/** They belong to no tenant: what has been migrated, and what the app's role cannot read. */
const WITHOUT_TENANT = ['ledger_check', 'migration', 'sign_in_attempt'];
const REFUSED_BY_POLICY = '42501';
const REFUSED_BY_FOREIGN_KEY = '23503';

let database: TestDatabase;
let app: Database;
let tables: Table[];
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  tables = (await allTables(database)).filter(({ name }) => !WITHOUT_TENANT.includes(name));
  await fillForBoth(database, tables);
  app = await openAsApp(database, 2);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** What one statement as this tenant does: how many rows it touched, or the code it was refused with. */
const attempt = (tenant: string | null, statement: (db: Sql) => Promise<{ numAffectedRows?: bigint }>) =>
  app
    .transaction(newScope(tenant), ({ sql: db }) => statement(db))
    .then(
      ({ numAffectedRows }) => Number(numAffectedRows),
      (error: unknown) => faultCode(error),
    );

const insert = ({ columns, values }: ReturnType<typeof rowOf>, table: Table) =>
  sql`insert into ${sql.table(table.name)} (${sql.join(columns.map((name) => sql.ref(name)))}) values (${sql.join(values)})`;

/** One entry a table, so that a failure names it. */
const ofEach = async <T>(look: (table: Table) => Promise<T>): Promise<Record<string, T>> => {
  const found: Record<string, T> = {};
  for (const table of tables) found[table.name] = await look(table);
  return found;
};
const inEach = <T>(value: T): Record<string, T> => Object.fromEntries(tables.map(({ name }) => [name, value]));

const seenBy = (tenant: string | null, side: 'primary' | 'replica') =>
  ofEach(async ({ name, tenantColumn }) => {
    const { rows } = await app.read(newScope(tenant), side, (db) =>
      sql<{ owner: string }>`select ${sql.ref(tenantColumn)} as owner from ${sql.table(name)}`.execute(db),
    );
    return rows.map(({ owner }) => owner);
  });

const rowsOf = (tenant: string) =>
  ofEach(({ name, tenantColumn }) =>
    asSuperuser(database, `select t::text from ${name} t where ${tenantColumn} = $1 order by 1`, [tenant]),
  );

test('every table but the three without a tenant is under forced row-level security', async () => {
  const rows = await asSuperuser(
    database,
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and not (relrowsecurity and relforcerowsecurity) order by 1`,
  );
  expect(rows.map(({ relname }) => relname)).toEqual(WITHOUT_TENANT);
  expect(tables.length).toBeGreaterThan(15);
});

test('each has one policy, its tenant’s; the owner may read nine of them before a tenant is known', async () => {
  const policies = await asSuperuser(
    database,
    `select tablename, policyname, roles::text, cmd, qual, with_check from pg_policies
     where schemaname = 'public' order by tablename, policyname`,
  );
  const isolation = ({ name, tenantColumn }: Table) => ({
    tablename: name,
    policyname: 'tenant_isolation',
    roles: '{public}',
    cmd: 'ALL',
    qual: `(${tenantColumn} = app.tenant())`,
    with_check: `(${tenantColumn} = app.tenant())`,
  });
  const beforeTenant = (tablename: string) => ({
    tablename,
    policyname: 'before_tenant',
    roles: '{innkeeper_owner}',
    cmd: 'SELECT',
    qual: 'true',
    with_check: null,
  });
  expect(policies.filter(({ policyname }) => policyname !== 'before_tenant')).toEqual(tables.map(isolation));
  expect(policies.filter(({ policyname }) => policyname === 'before_tenant')).toEqual(
    [
      ...['api_key', 'app_user', 'asked_answer', 'event', 'event_consumer', 'session', 'tenant'],
      ...['webhook_delivery', 'webhook_endpoint'],
    ].map(beforeTenant),
  );
});

test('a tenant sees its own rows and no others, on the primary and on the replica', async () => {
  const admin = new pg.Client({ connectionString: inject('embedded').adminUrl });
  await admin.connect();
  for (const url of database.replicaUrls) await waitForReplay(admin, url);
  await admin.end();
  for (const side of ['primary', 'replica'] as const) {
    expect(await seenBy(A, side)).toEqual(inEach([A]));
    expect(await seenBy(B, side)).toEqual(inEach([B]));
  }
});

test('without a tenant nothing is seen, changed, removed or added', async () => {
  const before = [await rowsOf(A), await rowsOf(B)];
  for (const side of ['primary', 'replica'] as const) expect(await seenBy(null, side)).toEqual(inEach([]));
  const touched = await ofEach(async (table) => ({
    update: await attempt(null, (db) =>
      sql`update ${sql.table(table.name)} set ${sql.ref(table.tenantColumn)} = ${A}`.execute(db),
    ),
    delete: await attempt(null, (db) => sql`delete from ${sql.table(table.name)}`.execute(db)),
    insert: await attempt(null, (db) => insert(rowOf(table, A), table).execute(db)),
  }));
  expect(touched).toEqual(inEach({ update: 0, delete: 0, insert: REFUSED_BY_POLICY }));
  expect([await rowsOf(A), await rowsOf(B)]).toEqual(before);
});

test('another tenant’s rows can be neither changed, removed nor taken over', async () => {
  const before = await rowsOf(B);
  const touched = await ofEach(async ({ name, tenantColumn }) => {
    const table = sql.table(name);
    const owner = sql.ref(tenantColumn);
    return {
      updateOfAll: await attempt(A, (db) => sql`update ${table} set ${owner} = ${owner}`.execute(db)),
      takeOver: await attempt(A, (db) => sql`update ${table} set ${owner} = ${A} where ${owner} = ${B}`.execute(db)),
      delete: await attempt(A, (db) => sql`delete from ${table} where ${owner} = ${B}`.execute(db)),
    };
  });
  expect(touched).toEqual(inEach({ updateOfAll: 1, takeOver: 0, delete: 0 }));
  expect(await rowsOf(B)).toEqual(before);
});

test('no row can be added for another tenant, or given away to it', async () => {
  const before = [await rowsOf(A), await rowsOf(B)];
  const touched = await ofEach(async (table) => ({
    insert: await attempt(A, (db) => insert(rowOf(table, B), table).execute(db)),
    giveAway: await attempt(A, (db) =>
      sql`update ${sql.table(table.name)} set ${sql.ref(table.tenantColumn)} = ${B}`.execute(db),
    ),
  }));
  expect(touched).toEqual(inEach({ insert: REFUSED_BY_POLICY, giveAway: REFUSED_BY_POLICY }));
  expect([await rowsOf(A), await rowsOf(B)]).toEqual(before);
});

test('every foreign key includes the tenant, so that no row can name another tenant’s', async () => {
  const keys = await asSuperuser<{ name: string; table: string; target: string; columns: string[]; to: string[] }>(
    database,
    `select k.conname as name, k.conrelid::regclass::text as table, k.confrelid::regclass::text as target,
       array(select attname::text from unnest(k.conkey) with ordinality u (n, i)
         join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by u.i) as columns,
       array(select attname::text from unnest(k.confkey) with ordinality u (n, i)
         join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by u.i) as to
     from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace order by 1`,
  );
  expect(keys.length).toBeGreaterThan(20);
  for (const { name, table, target, columns, to } of keys) {
    const tenantOfTarget = target === 'tenant' ? 'id' : 'tenant_id';
    expect({ name, pairs: columns.map((column, i) => `${column} -> ${to[i]}`) }).toEqual({
      name,
      pairs: expect.arrayContaining([`tenant_id -> ${tenantOfTarget}`]),
    });
    for (const column of columns.filter((other) => other !== 'tenant_id')) {
      const outcome = await attempt(A, (db) =>
        sql`update ${sql.table(table)} set ${sql.ref(column)} = ${B}`.execute(db),
      );
      expect(`${table}.${column} ${outcome}`).toBe(`${table}.${column} ${REFUSED_BY_FOREIGN_KEY}`);
    }
  }
});

test('even the owner of the tables sees and changes nothing without a tenant, beyond the nine of the look-ups', async () => {
  const owned = await ofEach(async ({ name }) => {
    const [row] = await onConnection<{ count: string }>(database.ownerUrl, `select count(*) from ${name}`);
    return Number(row?.count);
  });
  const expected = {
    ...inEach(0),
    tenant: 2,
    app_user: 2,
    session: 2,
    api_key: 2,
    event: 2,
    event_consumer: 2,
    asked_answer: 2,
    webhook_endpoint: 2,
    webhook_delivery: 2,
  };
  expect(owned).toEqual(expected);
  for (const { name, tenantColumn } of tables) {
    const changed = await onConnection(
      database.ownerUrl,
      `with changed as (update ${name} set ${tenantColumn} = ${tenantColumn} returning 1) select from changed`,
    );
    expect(`${name} ${changed.length}`).toBe(`${name} 0`);
  }
});
