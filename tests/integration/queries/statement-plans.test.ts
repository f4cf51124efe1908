import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSources, type Sources } from '../../../src/platform/db/sources.ts';
import { createStatementPlans } from '../../../src/platform/db/statement-plans.ts';
import { testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { onConnection } from '../../support/superuser.ts';
import { lockTable } from '../../support/table-lock.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
});
afterAll(() => database.drop());

const opened = async (pooled: boolean): Promise<AsyncDisposable & { sources: Sources }> => {
  const sources = openSources({
    ...{ urls: [database.primaryUrl], role: 'innkeeper_app', pooled, applicationName: 'plans', timeoutMs: 5_000 },
  });
  return { sources, [Symbol.asyncDispose]: () => sources.close() };
};

test.for([false, true])(
  'a statement is planned for whatever parameters and not run (by way of a pooler: %s)',
  async (pooled) => {
    await using spare = await opened(pooled);
    const plan = createStatementPlans(spare.sources);
    const made = await plan('update booking set version = $1 where id = $2');
    expect(made?.[0]).toMatch(/^Update on booking/);
    const read = await plan('select id from booking where created_at > $1 and code = $2');
    expect(read?.join('\n')).toMatch(/tenant_id = .*current_setting/);
    expect(
      await onConnection(
        database.ownerUrl,
        "select from pg_stat_activity where state like '%in transaction%' and application_name like 'plans%'",
      ),
    ).toEqual([]);
  },
);

test('what reads and writes no rows has no plan', async () => {
  await using spare = await opened(false);
  const plan = createStatementPlans(spare.sources);
  for (const text of ['begin', 'commit', 'analyze booking', 'lock table booking', 'set local role none', '-- select'])
    expect(await plan(text)).toBeNull();
});

test('a plan waits for nobody, and leaves the connection as it was', async () => {
  await using spare = await opened(false);
  const plan = createStatementPlans(spare.sources);
  const unlock = await lockTable(database.ownerUrl, 'booking');
  const waiting = plan('select id from booking');
  expect(await plan('select 1')).toBeNull();
  await expect(waiting).rejects.toMatchObject({ code: '55P03' });
  await unlock();
  expect(await plan('select id from booking')).not.toBeNull();
  const [asked] = spare.sources.ask<{ role: string }>('select current_user as role');
  expect(await asked).toEqual([{ role: 'innkeeper_app' }]);
});
