import pg from 'pg';
import { inject } from 'vitest';
import type { TestDatabase } from './postgres.ts';

export const superuserUrl = (database: TestDatabase): string => {
  const url = new URL(database.adminUrl ?? inject('embedded').adminUrl);
  url.pathname = new URL(database.ownerUrl).pathname;
  return url.href;
};

/** Runs one statement on the test's database as the superuser, whom no row-level security binds. */
export const asSuperuser = async <Row extends pg.QueryResultRow>(
  database: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> => onConnection<Row>(superuserUrl(database), text, values);

/** Runs one statement on a connection of its own. */
export const onConnection = async <Row extends pg.QueryResultRow>(
  connectionString: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
};
