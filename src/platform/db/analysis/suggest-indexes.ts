import type { Sources } from '../sources.ts';
import { TABLE_COLUMNS } from './analyze.ts';
import { type MissingIndex, missingIndexes } from './missing-indexes.ts';
import { INDEXES, type IndexFacts, summed, TABLES, type TableFacts } from './relations.ts';
import { costliestStatements } from './statements.ts';

const FRESH_MS = 60_000;

/** What each database answers, the primary first; replicas that do not answer are left out. */
const askAll = async <Row extends TableFacts | IndexFacts>(sources: Sources, statement: string): Promise<Row[][]> => {
  const [primary, ...replicas] = sources.ask<Row>(statement);
  const answers = await Promise.allSettled(replicas);
  return [(await primary) ?? [], ...answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))];
};

const look = async (sources: Sources, own: readonly { text: string }[]): Promise<MissingIndex[]> => {
  const [tables, indexes] = [await askAll<TableFacts>(sources, TABLES), await askAll<IndexFacts>(sources, INDEXES)];
  const { statements, columns } = await sources.look(async (client) => {
    await client.query(`select set_config('statement_timeout', '1000', true)`);
    return {
      statements: await costliestStatements(client),
      columns: (await client.query<{ table: string; columns: string[] }>(TABLE_COLUMNS)).rows,
    };
  });
  return missingIndexes(
    summed(tables, ({ table }) => table, ['sequentialScans', 'rowsScanned', 'indexScans']),
    summed(indexes, ({ index }) => index, ['scans']),
    new Map(columns.map(({ table, columns: names }) => [table, new Set(names)])),
    statements?.filter(({ text }) => text !== null) ?? own,
  );
};

/**
 * Guesses missing indexes as `innkeeper analyze` does, but as the application's role, on the connections for readiness and once a
 * minute at most. `own` are statements to go by where the server has none to tell. Null where the databases do not answer.
 */
export const createIndexSuggestions = (sources: Sources, nowMs: () => number) => {
  let latest: Promise<MissingIndex[] | null> | undefined;
  let askedAt = 0;
  return (own: readonly { text: string }[]): Promise<MissingIndex[] | null> => {
    if (!latest || nowMs() - askedAt > FRESH_MS) {
      askedAt = nowMs();
      latest = look(sources, own).catch(() => null);
    }
    return latest;
  };
};
