import type { Clock } from '../../kernel/clock.ts';
import { cappedTotal } from '../../kernel/totals.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import type { Scope } from '../../platform/db/scope.ts';
import { type SearchIndexes, searchIndexed } from './search-index/index.ts';
import { foundRows, type SearchPage, toSearchPage } from './search-page.ts';
import type { SearchInput } from './search-schemas.ts';
import { searchStatement } from './search-statement.ts';

/** One page in one statement and, if asked for, the total. Throws INVALID_CURSOR. */
export const search = async (db: Sql, input: SearchInput, nowIso: string): Promise<SearchPage> => {
  const { rows } = await searchStatement(input, nowIso).execute(db);
  return toSearchPage(foundRows(rows), input, input.withTotal ? cappedTotal(rows[0]?.found ?? 0) : {});
};

/** Searches by the tenant's index where there is one that can answer, else by the statement. Throws INVALID_CURSOR. */
export const createSearch =
  ({ database, clock, indexes }: { database: Database; clock: Clock; indexes: SearchIndexes | null }) =>
  async (scope: Scope, input: SearchInput): Promise<SearchPage> => {
    const nowMs = clock.nowMs();
    const index = scope.tenant === null ? null : (indexes?.of(scope.tenant) ?? null);
    const page = index && (await searchIndexed({ database, index, scope, nowMs }, input));
    return page ?? database.read(scope, 'replica', (db) => search(db, input, new Date(nowMs).toISOString()));
  };
