import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checks } from '../../../src/features/verification/checks/index.ts';
import { runChecks } from '../../../src/features/verification/verify-tenant.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { superuserUrl } from '../../support/superuser.ts';
import { damageIn } from '../../support/verify.ts';
import { bookingDamage } from './damage/bookings.ts';
import { eventDamage } from './damage/events.ts';
import { nightDamage } from './damage/nights.ts';
import { priceDamage } from './damage/prices.ts';
import { recordDamage } from './damage/records.ts';
import { roomDamage } from './damage/rooms.ts';
import { type Damage, ofTenant } from './damage/statements.ts';
import { createLivedInHotel } from './lived-in-hotel.ts';

const DROP_CONSTRAINTS = `
  do $$ declare c record; begin
    for c in select conrelid::regclass as target, conname from pg_constraint
      where contype in ('c', 'x') and connamespace = 'public'::regnamespace
    loop execute format('alter table %s drop constraint %I', c.target, c.conname); end loop;
  end $$`;

let app: TestApp;
let tenantId: string;
let superuser: Kysely<unknown>;

beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
  const tenant = await app.tenant('lived-in');
  tenantId = tenant.tenantId;
  await createLivedInHotel(tenant.client);
  const pool = new pg.Pool({ connectionString: superuserUrl(app.database), max: 1 });
  superuser = new Kysely({ dialect: new PostgresDialect({ pool }) });
  await sql.raw(DROP_CONSTRAINTS).execute(superuser);
});
afterAll(async () => {
  await superuser.destroy();
  await app.close();
});

/** What the application's role finds after the damage, by check, in a transaction that is rolled back. */
const reportAfter = async (damage: string[]) => {
  const transaction = await superuser.startTransaction().execute();
  const run = (statement: string) => sql.raw(statement).execute(transaction);
  try {
    await run('set local session_replication_role = replica');
    await run(`select set_config('app.tenant', '${tenantId}', true)`);
    for (const statement of damage) {
      const { numAffectedRows } = await run(statement);
      expect(numAffectedRows, statement).toBeGreaterThan(0);
    }
    await run('set local role innkeeper_app');
    return await runChecks(transaction);
  } finally {
    await transaction.rollback().execute();
  }
};

const DAMAGE: Damage[] = [
  ...nightDamage,
  ...roomDamage,
  ...bookingDamage,
  ...priceDamage,
  ...eventDamage,
  ...recordDamage,
];

it('verify finds nothing in a hotel that is as it should be', async () => {
  expect(damageIn([await reportAfter([])])).toEqual({});
});

it.each(DAMAGE)('verify finds %s', async (_what, damage, expected) => {
  const found = damageIn([await reportAfter(damage)]);
  expect(Object.keys(found).sort()).toEqual(expected.toSorted());
});

it('every check is shown to find something', () => {
  const shown = new Set(DAMAGE.flatMap(([, , expected]) => expected));
  expect(checks.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
});

it('answers ids and numbers of up to 20 rows, and how many there are', async () => {
  const { clean, examined, findings } = await reportAfter([
    `update inventory_night set blocked = blocked + 1 where ${ofTenant} and night >= '2026-05-01'`,
  ]);
  const off = findings.find(({ found }) => found > 0);
  expect(clean).toBe(false);
  expect(examined).toEqual({ nights: 750, bookings: 5, lines: 8, stays: 3, events: 14, guests: 5 });
  expect(off).toMatchObject({ name: 'nights blocked', found: 750 - 60 });
  expect(off?.rows).toHaveLength(20);
  expect(Object.keys(off?.rows[0] ?? {}).sort()).toEqual(['counted', 'night', 'room_type_id', 'stored']);
});
