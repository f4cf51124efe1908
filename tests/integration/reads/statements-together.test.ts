import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Statement, sendTogether, unprepared } from '../../../src/platform/db/prefixed-query.ts';
import { testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
let pool: pg.Pool;
let client: pg.PoolClient;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  pool = new pg.Pool({ connectionString: database.primaryUrl });
});
beforeEach(async () => {
  client = await pool.connect();
});
afterEach(() => client.release(true));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const before = (number: string): Statement => ({
  name: 'before',
  text: 'select 1 as more, (8 / $1::integer)::text as lsn, null as timeline',
  values: [number],
});
const main = (number: number): Statement => ({ name: 'main', text: 'select 9 / $1::integer as it', values: [number] });
const after: Statement = { name: 'after', text: `select 'a' as lsn, 'b' as timeline`, values: [] };

const ask = async (first: string, second: number) => {
  const answer = await sendTogether(client, before(first), main(second), after);
  return [answer.before, answer.result.rows, answer.after];
};

describe('statements that are sent together', () => {
  it('are answered each for itself, time after time', async () => {
    for (const number of [1, 2, 4]) {
      const position = { lsn: String(8 / number), timeline: null };
      expect(await ask(String(number), 3)).toEqual([position, [{ it: 3 }], { lsn: 'a', timeline: 'b' }]);
    }
  });

  it('are prepared once, whichever of them fails', async () => {
    await expect(ask('0', 3)).rejects.toMatchObject({ code: '22012' });
    await expect(ask('1', 0)).rejects.toMatchObject({ code: '22012' });
    expect(await ask('1', 3)).toMatchObject([{ lsn: '8' }, [{ it: 3 }], { lsn: 'a' }]);
    const { rows } = await client.query('select name from pg_prepared_statements order by name');
    expect(rows).toEqual([{ name: 'after' }, { name: 'before' }, { name: 'main' }]);
  });

  it('go as text where the main one has no parameters, with quotes where they belong', async () => {
    const quoted: Statement = { name: 'q', text: 'select $1 as lsn, $2 as timeline', values: ["it's $2", 'b'] };
    const answer = await sendTogether(client, quoted, unprepared('select 7 as it'), after);
    expect(answer).toMatchObject({ before: { lsn: "it's $2", timeline: 'b' }, after: { lsn: 'a' } });
    expect(answer.result.rows).toEqual([{ it: 7 }]);
  });
});
