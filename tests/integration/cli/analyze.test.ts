import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Analysis } from '../../../src/platform/db/analysis/analyze.ts';
import { testMigrate } from '../../support/app.ts';
import { databaseSettings, runCli } from '../../support/cli-process.ts';
import { openTransaction } from '../../support/open-transaction.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { asSuperuser, onConnection } from '../../support/superuser.ts';

vi.setConfig({ testTimeout: 60_000 });

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  await asSuperuser(
    database,
    `create schema monitoring; create extension pg_stat_statements schema monitoring;
     grant usage on schema monitoring to innkeeper_owner; grant pg_read_all_stats to innkeeper_owner;
     create table review (tenant_id int, id int primary key, stars int, written date);
     insert into review select 1, n, n % 5, date '2026-01-01' + n % 300 from generate_series(1, 20000) n;
     create index review_written on review (written); create index review_stars on review (stars);
     grant select on review to innkeeper_app; analyze review`,
  );
  const bySomething = 'select count(*) from review r where r.tenant_id = $1 and r.stars = $2 and r.written >= $3';
  const slowly = `set enable_indexscan = off; set enable_bitmapscan = off; set enable_indexonlyscan = off; set max_parallel_workers_per_gather = 0`;
  const url = new URL(database.primaryUrl);
  url.searchParams.set('options', slowly.replaceAll(/set (\w+) = (\w+);?/g, '-c $1=$2').trim());
  for (let time = 0; time < 12; time++) await onConnection(url.href, bySomething, [1, 3, '2026-05-01']);
});
afterAll(() => database.drop());

const settings = () => ({ ...databaseSettings(database), DATABASE_MIGRATION_URL: database.ownerUrl });
const analysisOf = async (...args: string[]): Promise<Analysis> => {
  const { status, stdout, stderr } = await runCli(['analyze', '--json', ...args], settings());
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Analysis;
};

test('what costs, what is big, what is missing and what is unused is told, of primary and replicas together', async () => {
  const [replica = ''] = database.replicaUrls;
  await vi.waitUntil(async () => (await onConnection(replica, 'select from review limit 1')).length > 0);
  const byIndex = `set enable_seqscan = off; select count(*) from review where stars = 3`;
  await onConnection(replica, byIndex);
  const used = async () =>
    (
      await onConnection<{ n: number }>(
        replica,
        `select idx_scan::int as n from pg_stat_user_indexes where indexrelname = 'review_stars'`,
      )
    )[0]?.n;
  await vi.waitUntil(async () => (await used()) === 1, { timeout: 10_000 });

  const analysis = await analysisOf();
  expect(analysis.statements?.find(({ text }) => text.includes('from review r'))).toMatchObject({
    calls: 12,
    rows: 12,
  });
  const [review] = analysis.tables.filter(({ table }) => table === 'review');
  expect(review).toMatchObject({ rows: 20_000 });
  expect(review?.sequentialScans).toBeGreaterThanOrEqual(12);
  const unused = analysis.unusedIndexes.map(({ index }) => index);
  expect(unused).toContain('review_written');
  expect(unused).not.toContain('review_stars');
  expect(unused).not.toContain('review_pkey');
  expect(analysis.missingIndexes).toEqual([
    expect.objectContaining({
      table: 'review',
      statement: 'create index concurrently on review (tenant_id, stars, written)',
      because: expect.stringContaining('from review r'),
    }),
  ]);
  expect(analysis.hitRatio).toBeGreaterThan(0);
  expect(analysis.hidden).toBe(0);
  await asSuperuser(database, String(analysis.missingIndexes[0]?.statement));
});

test('a transaction that is open for long is shown, without the values in its statement', async () => {
  await openTransaction(database.ownerUrl, `select 'Ana Silva'`);
  const { longTransactions } = await analysisOf('--long', '0');
  const open = { role: 'innkeeper_owner', state: 'idle in transaction', statement: 'begin; select ?' };
  expect(longTransactions).toContainEqual(expect.objectContaining(open));
  expect((await analysisOf()).longTransactions).toEqual([]);
});

test('people get tables, and are told what could not be seen', async () => {
  const page = await runCli(['analyze'], settings());
  expect(page.status).toBe(0);
  expect(page.stdout).toMatch(/^review +20 000 +\d+\.\d kB +\d+\.\d kB /m);
  await asSuperuser(database, 'drop extension pg_stat_statements');
  const without = await runCli(['analyze'], settings());
  expect(without.stdout).toContain('pg_stat_statements is not installed');
  expect((await runCli(['analyze', '--long', 'ages'], settings())).status).toBe(2);
});
