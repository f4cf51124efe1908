import { cappedTotal } from '../../kernel/totals.ts';
import { toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { SearchHit, SearchInput } from './search-schemas.ts';
import { searchStatement } from './search-statement.ts';

/** One page in one statement and, if asked for, the total. Throws INVALID_CURSOR. */
export const search = async (db: Sql, input: SearchInput, nowIso: string) => {
  const { rows } = await searchStatement(input, nowIso).execute(db);
  const hits = rows.flatMap((row) => (row.propertyId === null ? [] : [row]));
  const page = toPage(hits, input.limit, (row) => [row.sortKey, row.propertyId]);
  const items = page.items.map(({ sortKey: _key, found: _found, ...hit }): SearchHit => hit);
  return { items, nextCursor: page.nextCursor, ...(input.withTotal ? cappedTotal(rows[0]?.found ?? 0) : {}) };
};
