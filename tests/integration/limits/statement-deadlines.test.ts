import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deadlineIn } from '../../../src/platform/db/deadline.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { asSuperuser } from '../../support/superuser.ts';

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_STATEMENT_TIMEOUT_MS: '6000' } });
  tenant = await app.tenant('hurried');
});
afterAll(() => app.close());

const limitOf = (row: { rows: unknown[] }) => (row.rows[0] as { ms: string }).ms;
const SHOWN = sql`select setting as ms from pg_settings where name = 'statement_timeout'`;
const scopeOf = (ms: number) => newScope(tenant.tenantId, null, { deadline: deadlineIn(ms, 6_000) });

test.for(['primary', 'replica'] as const)(
  'a read on the %s is limited by what is left, and only while that is less than usual',
  async (side) => {
    const { database } = app.application;
    const shown = (ms: number) => database.read(scopeOf(ms), side, async (db) => limitOf(await SHOWN.execute(db)));
    const short = Number(await shown(2_000));
    expect(short).toBeGreaterThan(0);
    expect(short).toBeLessThanOrEqual(2_000);
    expect(await shown(60_000)).toBe('6000');
    expect(await database.read(newScope(null), side, async (db) => limitOf(await SHOWN.execute(db)))).toBe('6000');
  },
);

test('each statement of a transaction has less left than the one before; the next transaction has its own', async () => {
  const { database } = app.application;
  const scope = scopeOf(2_000);
  const [first, second] = await database.transaction(scope, async ({ sql: db }) => {
    const before = Number(limitOf(await SHOWN.execute(db)));
    await sql`select pg_sleep(0.05)`.execute(db);
    return [
      before,
      Number(limitOf(await sql`select setting as ms from pg_settings where name = ${'statement_timeout'}`.execute(db))),
    ];
  });
  expect(first).toBeLessThanOrEqual(2_000);
  expect(second).toBeLessThanOrEqual((first ?? 0) - 50);
  expect(scope.versions.seen).not.toBeNull();
  expect(await database.transaction(newScope(null), async ({ sql: db }) => limitOf(await SHOWN.execute(db)))).toBe(
    '6000',
  );
});

test('once the time is over, nothing more of a transaction is done, and it is rolled back', async () => {
  const { database } = app.application;
  const deadline = { at: Number.POSITIVE_INFINITY, statementTimeoutMs: 6_000 };
  const late = database.transaction(newScope(tenant.tenantId, null, { deadline }), async ({ sql: db }) => {
    await sql`update tenant set name = 'late'`.execute(db);
    deadline.at = 0;
    await SHOWN.execute(db);
  });
  await expect(late).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', kind: 'timeout', retryable: true });
  const names = await database.read(newScope(tenant.tenantId), 'primary', (db) =>
    sql<{ name: string }>`select name from tenant`.execute(db),
  );
  expect(names.rows).toEqual([{ name: 'hurried' }]);
  for (const side of ['primary', 'replica'] as const) {
    const read = database.read(newScope(null, null, { deadline }), side, (db) => SHOWN.execute(db));
    await expect(read).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  }
});

test('a commit is given its usual time, so that it is not cut short while it waits for a standby', async () => {
  await asSuperuser(
    app.database,
    `create table commit_probe (ms text);
     grant insert, select on commit_probe to innkeeper_app;
     create function note_limit() returns trigger language plpgsql as $$
       begin update commit_probe set ms = current_setting('statement_timeout'); return null; end $$ security definer;
     create constraint trigger probe after insert on commit_probe deferrable initially deferred
       for each row execute function note_limit()`,
  );
  const { database } = app.application;
  const scope = scopeOf(2_000);
  await database.transaction(scope, ({ sql: db }) => sql`insert into commit_probe values ('none')`.execute(db));
  expect(await asSuperuser(app.database, 'select ms from commit_probe')).toEqual([{ ms: '6s' }]);
  expect(scope.versions.seen).not.toBeNull();
});
