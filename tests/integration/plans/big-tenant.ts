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

/** A superuser's connection, whom neither row-level security nor foreign keys cost time. */
export const connectTo = async (database: TestDatabase): Promise<pg.Client> => {
  const url = new URL(inject('embedded').adminUrl);
  url.pathname = new URL(database.ownerUrl).pathname;
  const client = new pg.Client({
    connectionString: url.href,
    options: '-c session_replication_role=replica -c maintenance_work_mem=256MB -c timezone=UTC',
  });
  await client.connect();
  await client.query(`select set_config('app.tenant', $1, false)`, [BIG_TENANT]);
  return client;
};

const FILLED = ['inventory_night', 'rate_night', 'property', 'booking', 'booking_line', 'guest', 'event'];

/** Drops the indexes of the tables to be filled, since they are built faster over rows than with them; their definitions. */
const dropIndexes = async (client: pg.Client): Promise<string[]> => {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i
     where i.indrelid = any ($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
     order by i.indrelid`,
    [FILLED],
  );
  await client.query(`drop index ${rows.map(({ name }) => name).join(', ')}`);
  return rows.map(({ definition }) => definition);
};

/** A database with a million bookings of one tenant, and what belongs to them, vacuumed and analysed. */
export const createBigTenant = async (): Promise<TestDatabase> => {
  const database = await createDatabase(testMigrate);
  const [one, other] = await Promise.all([connectTo(database), connectTo(database)]);
  const run = async (client: pg.Client, step: string) => client.query(steps.get(step) ?? `no step ${step}`);
  try {
    await run(one, 'prepare');
    const definitions = await dropIndexes(one);
    await Promise.all([run(one, 'offers'), run(other, 'bookings')]);
    await Promise.all(
      [one, other].map(async (client) => {
        for (let next = definitions.pop(); next; next = definitions.pop()) await client.query(next);
      }),
    );
    await one.query('vacuum analyze');
    return database;
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
};
