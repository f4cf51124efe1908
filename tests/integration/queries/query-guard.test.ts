import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import type { Sql } from '../../../src/platform/db/database.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, testMigrate } from '../../support/app.ts';
import { planOnBigTables } from '../../support/full-scans.ts';
import { createHotel } from '../../support/hotel.ts';
import { createDatabase } from '../../support/postgres.ts';
import { MOST_RUNS } from '../../support/query-watch.ts';

/** An app with a hotel that runs a query so often in one scope, and what its close says. */
const closedAfter = async (times: number, query: (db: Sql) => Promise<unknown>): Promise<string> => {
  const database = await createDatabase(testMigrate);
  onTestFinished(() => database.drop());
  const app = await startApp({ database });
  const { client, tenantId } = await app.tenant('hotels');
  await createHotel(client);
  const scope = newScope(tenantId);
  for (let run = 0; run < times; run++) await app.application.database.read(scope, 'primary', query);
  return app.close().then(
    () => 'well',
    (error: unknown) => String(error),
  );
};

const byLiteral = (db: Sql) => sql`select name from room_type where id = ${sql.lit(randomUUID())}`.execute(db);
const byNight = (db: Sql) => sql`select price from rate_night where price = ${10_000}`.execute(db);

test('a statement per row fails the test, whatever its literals', async () => {
  expect(await closedAfter(MOST_RUNS + 1, byLiteral)).toContain(
    `ran ${MOST_RUNS + 1} times in one scope: select name from room_type where id = ?`,
  );
});

test('a statement that a few calls share does not', async () => {
  expect(await closedAfter(MOST_RUNS, byLiteral)).toBe('well');
});

test('a statement that would read a big table from end to end fails the test, though the table is small', async () => {
  expect(await closedAfter(1, byNight)).toContain(
    'reads rate_night from end to end: select price from rate_night where price = $1',
  );
});

test('of an empty table it is known whether an index fits, and that this is not certain', async () => {
  const database = await createDatabase(testMigrate);
  onTestFinished(() => database.drop());
  const byLine = 'select id from room_stay where tenant_id = app.tenant() and line_id = $1';
  const wherever = `select sum(hashtext(note)) from (select note from room_stay offset 0) s`;
  const broken = 'select nothing from room_stay';
  const asked = [byLine, wherever, broken].map((text) => ({ text, planAgainUnlessEmpty: [] }));
  const planned = await planOnBigTables(database, asked);
  expect(planned.get(byLine)).toEqual({ fault: null, empty: ['room_stay'] });
  expect(planned.get(wherever)).toEqual({ fault: null, empty: ['room_stay'] });
  expect(planned.get(broken)?.fault).toMatch(/^can't be planned .*column "nothing" does not exist/);
  const again = asked.map(({ text }) => ({ text, planAgainUnlessEmpty: ['room_stay'] }));
  expect(await planOnBigTables(database, again)).toEqual(new Map());
});
