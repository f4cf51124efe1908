import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';

/** The one tenant that holds all rows. */
export const BIG_TENANT = '019c0000-0000-7000-8000-000000000000';
const BOOKINGS = 1_000_000;

const PREFIX = { property: '019c1111', app_user: '019c4444', guest: '019c5555', booking: '019c6666' };

/** The id of a table's n-th row, as nth() of big-tenant.sql makes it. */
export const nth = (table: keyof typeof PREFIX, n: number): string =>
  `${PREFIX[table]}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

const steps = new Map(
  readFileSync(join(import.meta.dirname, 'big-tenant.sql'), 'utf8')
    .replaceAll(':tenant', `'${BIG_TENANT}'`)
    .replaceAll(':bookings', String(BOOKINGS))
    .split(/^-- @/m)
    .map((step) => [step.slice(0, step.indexOf('\n')), step.slice(step.indexOf('\n'))]),
);

/** As superuser, whom neither row-level security nor foreign keys cost time. */
const connect = async (database: TestDatabase): Promise<pg.Client> => {
  const url = new URL(inject('embedded').adminUrl);
  url.pathname = new URL(database.ownerUrl).pathname;
  const client = new pg.Client({
    connectionString: url.href,
    options: `-c app.tenant=${BIG_TENANT} -c session_replication_role=replica -c maintenance_work_mem=256MB`,
  });
  await client.connect();
  return client;
};

/** A database with a million bookings of one tenant, and what belongs to them, all analysed. */
export const createBigTenant = async (): Promise<TestDatabase> => {
  const database = await createDatabase(testMigrate);
  const [one, other] = await Promise.all([connect(database), connect(database)]);
  const run = async (client: pg.Client, ...names: string[]) => {
    for (const name of names) {
      const t = performance.now();
      await client.query(steps.get(name) ?? `no step ${name}`);
      console.log(name, performance.now() - t);
    }
  };
  await run(one, 'prepare');
  // Indexes are built faster over rows than with them.
  const { rows: indexes } = await one.query<{ name: string; definition: string }>(`
    select i.indexrelid::regclass as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class t on t.oid = i.indrelid
    where t.relname in ('inventory_night', 'rate_night', 'property', 'booking', 'booking_line', 'guest', 'event')
      and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
    order by t.relname`);
  await one.query(`drop index ${indexes.map(({ name }) => name).join(', ')}`);
  await Promise.all([run(one, 'offers'), run(other, 'bookings')]);
  await Promise.all(
    [one, other].map(async (client) => {
      for (let index = indexes.pop(); index; index = indexes.pop()) {
        const t = performance.now();
        await client.query(index.definition);
        console.log(index.name, performance.now() - t);
      }
    }),
  );
  const t0 = performance.now();
  await one.query('vacuum analyze');
  console.log('va', performance.now() - t0);
  await Promise.all([one.end(), other.end()]);
  return database;
};
