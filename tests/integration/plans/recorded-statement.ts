import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Sql } from '../../../src/platform/db/database.ts';

/**
 * The one statement, with its parameters, that a query function sends for some input; the function is answered no rows.
 * Throws when it sends none or several.
 */
export const recordedStatement = async (query: (db: Sql) => Promise<unknown>): Promise<CompiledQuery> => {
  const sent: CompiledQuery[] = [];
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log({ query: statement }) {
      sent.push(statement);
    },
  });
  await query(db);
  const [statement] = sent;
  if (!statement || sent.length > 1) throw new Error(`sent ${sent.length} statements in place of one`);
  return statement;
};
