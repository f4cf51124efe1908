import { toPage } from '../../kernel/wire.ts';
import type { SearchHit, SearchInput } from './search-schemas.ts';
import type { SearchRow } from './search-statement.ts';

/** A row that shows a property. */
export type FoundRow = Exclude<SearchRow, { propertyId: null }>;

export interface SearchPage {
  items: SearchHit[];
  nextCursor: string | null;
  total?: number;
  totalIsCapped?: boolean;
}

export const foundRows = (rows: readonly SearchRow[]): FoundRow[] =>
  rows.flatMap((row) => (row.propertyId === null ? [] : [row]));

/** The page of these rows, of which there is one too many where more follow. */
export const toSearchPage = (
  rows: FoundRow[],
  { limit }: SearchInput,
  totals: Pick<SearchPage, 'total' | 'totalIsCapped'>,
): SearchPage => {
  const page = toPage(rows, limit, (row) => [row.sortKey, row.propertyId]);
  const items = page.items.map(({ sortKey: _key, found: _found, ...hit }): SearchHit => hit);
  return { items, nextCursor: page.nextCursor, ...totals };
};
