import type { CompiledQuery } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../support/postgres.ts';
import { connectTo, createBigTenant } from './big-tenant.ts';
import { type PlanCase, planCases } from './cases.ts';
import { type Explained, explain } from './explained.ts';
import { recordedStatement } from './recorded-statement.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createBigTenant();
  client = await connectTo(database);
}, 300_000);
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

/** Explains as the app's role, under row-level security, after `prepare` as superuser; nothing of it stays. */
const explainAsApp = async (statement: CompiledQuery, prepare = async () => {}): Promise<Explained> => {
  await client.query('begin');
  try {
    await prepare();
    await client.query('set local role innkeeper_app');
    return await explain(client, statement);
  } finally {
    await client.query('rollback');
  }
};

const dropIndex = async (index: string): Promise<void> => {
  const { rows } = await client.query<{ statement: string }>(
    `select coalesce(
       (select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname)
        from pg_constraint where conindid = $1::regclass and contype in ('p', 'u')),
       format('drop index %s', $1::regclass)) as statement`,
    [index],
  );
  await client.query(rows[0]?.statement ?? '');
};

/** What is wrong with a plan; nothing when it uses a wanted index and looks at no more rows than it may. */
const faultsOf = ({ indexes, rows }: Explained, wanted: PlanCase): string[] => [
  ...(wanted.indexes.some((index) => indexes.has(index)) ? [] : [`uses ${[...indexes].join(', ') || 'no index'}`]),
  ...(rows <= wanted.rows ? [] : [`looks at ${rows} rows, more than ${wanted.rows}`]),
];

describe('on a million bookings of one tenant', () => {
  it.each(planCases)('$what: one statement, by its index, which it needs', async (wanted) => {
    const statement = await recordedStatement(wanted.query);
    expect(faultsOf(await explainAsApp(statement), wanted)).toEqual([]);
    const without = await explainAsApp(statement, async () => {
      for (const index of wanted.indexes) await dropIndex(index);
    });
    expect(faultsOf(without, wanted)).not.toEqual([]);
  });
});
