import { sql } from 'kysely';
import type { Database } from '../../platform/db/database.ts';
import type { Scope } from '../../platform/db/scope.ts';
import { readListings } from './listings.ts';
import type { OpenFile } from './source-files.ts';

/** Those of the external references that the tenant has a property for. */
export const findKnown = async (database: Database, scope: Scope, refs: Iterable<string>): Promise<Set<string>> => {
  const { rows } = await database.read(scope, 'primary', (db) =>
    sql<{ ref: string }>`
      select external_ref as ref from property
      where tenant_id = app.tenant() and external_ref = any (${[...refs]}::text[])`.execute(db),
  );
  return new Set(rows.map(({ ref }) => ref));
};

export const createCountNew =
  (database: Database) =>
  async (scope: Scope, listings: OpenFile): Promise<number> => {
    const { taken } = await readListings(listings, () => {});
    const known = await findKnown(database, scope, taken.keys());
    return taken.size - known.size;
  };
