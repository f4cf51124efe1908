import pg from 'pg';
import type { TestDatabase } from './postgres.ts';

/** Rows of one tenant as they are stored, read past the API. */
export const tenantRows = async <Row extends pg.QueryResultRow>(
  database: TestDatabase,
  tenantId: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    await client.query(`select set_config('app.tenant', $1, false)`, [tenantId]);
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
};
