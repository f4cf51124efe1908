import { newerToken } from '../../../kernel/consistency-token.ts';
import { cappedTotal } from '../../../kernel/totals.ts';
import type { Database } from '../../../platform/db/database.ts';
import { noteRead } from '../../../platform/db/position.ts';
import type { Scope } from '../../../platform/db/scope.ts';
import { offerStatement } from '../offer-statement.ts';
import { type FoundRow, foundRows, type SearchPage, toSearchPage } from '../search-page.ts';
import type { SearchInput } from '../search-schemas.ts';
import { searchPosition, searchStatement } from '../search-statement.ts';
import type { Candidate } from './columns.ts';
import { wordsOf } from './id-table.ts';
import { DISTANCE_TOLERANCE_KM } from './place-filter.ts';
import type { TenantIndex } from './tenant-index.ts';

export interface IndexedSearch {
  database: Database;
  index: TenantIndex;
  scope: Scope;
  nowMs: number;
}

/** Rounds of refilling a page of which rows fell out. */
const ROUNDS = 3;
/** By distance some more are looked at, since neighbours may change places by a rounding. */
const NEIGHBOURS = 10;

const isAsBelieved = (row: FoundRow, candidate: Candidate): boolean =>
  row.total === candidate.total && Math.abs(row.sortKey - candidate.sortKey) <= DISTANCE_TOLERANCE_KM;

/** The rows that a search of these properties alone would show. */
const searchAgain = async (
  { database, scope, nowMs }: IndexedSearch,
  input: SearchInput,
  propertyIds: readonly string[],
): Promise<FoundRow[]> => {
  if (propertyIds.length === 0) return [];
  const asked = { ...input, cursor: undefined, withTotal: false, limit: propertyIds.length };
  const { rows } = await database.read(scope, 'replica', (db) =>
    searchStatement(asked, new Date(nowMs).toISOString(), propertyIds).execute(db),
  );
  return foundRows(rows);
};

/**
 * What the database says now of the candidates, by property: each as it is believed to be. Null when one of them is another
 * than that, or its property has another offer instead; without a row where it has none left.
 */
const confirm = async (
  request: IndexedSearch,
  input: SearchInput,
  candidates: readonly Candidate[],
): Promise<Map<string, FoundRow> | null> => {
  const { database, scope, nowMs } = request;
  const { rows } = await database.read(scope, 'replica', (db) =>
    offerStatement(input, new Date(nowMs).toISOString(), candidates).execute(db),
  );
  const confirmed = new Map(rows.map((row) => [row.propertyId, row]));
  const isLost = ({ propertyId }: Candidate) => !confirmed.has(propertyId);
  const hasChanged = candidates.some((candidate) => {
    const row = confirmed.get(candidate.propertyId);
    return row !== undefined && !isAsBelieved(row, candidate);
  });
  if (hasChanged) return null;
  const lost = candidates.filter(isLost).map(({ propertyId }) => propertyId);
  return (await searchAgain(request, input, lost)).length > 0 ? null : confirmed;
};

const byPlace = (a: FoundRow, b: FoundRow): number => a.sortKey - b.sortKey || (a.propertyId < b.propertyId ? -1 : 1);

/**
 * A page from the tenant's index, each row as the database has it now. Null when that has to answer instead: the index is
 * not in step with what the caller has seen or can't tell, or too much on the page has changed. Throws INVALID_CURSOR.
 */
export const searchIndexed = async (request: IndexedSearch, input: SearchInput): Promise<SearchPage | null> => {
  const cursor = searchPosition(input);
  const { versions } = request.scope;
  const ready = await request.index.inStep(versions.asked, request.nowMs);
  if (!ready) return null;

  const isByDistance = input.sort === 'distance';
  const most = input.limit + 1 + (isByDistance ? NEIGHBOURS : 0);
  let place = cursor && { key: cursor[0], id: wordsOf(cursor[1]) };
  const rows: FoundRow[] = [];
  let fallen = 0;
  for (let round = 0; round < (isByDistance ? 1 : ROUNDS); round++) {
    const step = ready.content.search(input, request.nowMs, place, most);
    if (!step) return null;
    const last = step.candidates.at(-1);
    const confirmed = last ? await confirm(request, input, step.candidates) : new Map<string, FoundRow>();
    if (!confirmed) return null;
    for (const { propertyId } of step.candidates) {
      const row = confirmed.get(propertyId);
      if (row) rows.push(row);
      else fallen += 1;
    }
    const isWhole = !step.hasMore || !last;
    const sure = isByDistance ? sureRows(rows, cursor, isWhole ? null : last.sortKey) : rows;
    if (isWhole || sure.length > input.limit) {
      const { content, standing } = ready;
      // What it shows may have moved on since.
      noteRead(versions, standing.includes, newerToken(standing.seen, content.seen) ?? standing.seen);
      return toSearchPage(sure, input, input.withTotal ? cappedTotal(Math.max(0, step.found - fallen)) : {});
    }
    place = { key: last.sortKey, id: wordsOf(last.propertyId) };
  }
  return null;
};

/** The rows after the cursor, in the database's order, as far as none that wasn't looked at can stand between them. */
const sureRows = (rows: readonly FoundRow[], cursor: readonly [number, string] | null, lastKey: number | null) =>
  rows
    .filter(({ sortKey, propertyId }) => {
      if (lastKey !== null && sortKey > lastKey - DISTANCE_TOLERANCE_KM) return false;
      return cursor === null || sortKey > cursor[0] || (sortKey === cursor[0] && propertyId > cursor[1].toLowerCase());
    })
    .toSorted(byPlace);
