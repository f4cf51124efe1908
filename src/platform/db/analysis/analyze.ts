import type pg from 'pg';
import { newClient } from '../connection.ts';
import { type MissingIndex, missingIndexes } from './missing-indexes.ts';
import { type IndexFacts, indexFacts, summed, type TableFacts, tableFacts } from './relations.ts';
import { longTransactions, type Sessions } from './sessions.ts';
import { costliestStatements, type StatementCost } from './statements.ts';

export interface Analysis extends Sessions {
  /** When the servers began to count, the primary first; null for one that never was reset. */
  countedSince: (string | null)[];
  /** Null where pg_stat_statements is not installed, or not for this login. */
  statements: StatementCost[] | null;
  tables: TableFacts[];
  indexes: IndexFacts[];
  /** Those that no server has looked anything up by, and that hold no constraint up. */
  unusedIndexes: IndexFacts[];
  missingIndexes: MissingIndex[];
  /** Blocks that came from PostgreSQL's memory, 0 to 1, of the primary; null before any were read. */
  hitRatio: number | null;
}

export interface AnalysisOptions {
  /** Of the login that owns the tables. */
  primaryUrl: string;
  replicaUrls: readonly string[];
  longTransactionSeconds: number;
  /** Takes values out of a statement. */
  mask: (statement: string) => string;
}

const DATABASE = `select stats_reset as since, blks_hit::float8 / nullif(blks_hit + blks_read, 0) as "hitRatio"
  from pg_stat_database where datname = current_database()`;

export const TABLE_COLUMNS = `select c.relname as table, array_agg(a.attname::text) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by c.relname`;

const withClient = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = newClient(url, {
    application_name: 'innkeeper-analyze',
    options: '-c default_transaction_read_only=on -c statement_timeout=30000',
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const countedBy = async (client: pg.Client) => {
  const { rows } = await client.query<{ since: Date | null; hitRatio: number | null }>(DATABASE);
  const { since = null, hitRatio = null } = rows[0] ?? {};
  return { since, hitRatio, tables: await tableFacts(client), indexes: await indexFacts(client) };
};

/** Looks into the statistics of a database and its replicas; reads no table of it and changes nothing. */
export const analyze = async (options: AnalysisOptions): Promise<Analysis> => {
  const onPrimary = await withClient(options.primaryUrl, async (client) => ({
    counted: await countedBy(client),
    statements: await costliestStatements(client),
    sessions: await longTransactions(client, options.longTransactionSeconds, options.mask),
    columns: (await client.query<{ table: string; columns: string[] }>(TABLE_COLUMNS)).rows,
  }));
  const onReplicas = await Promise.all(options.replicaUrls.map((url) => withClient(url, countedBy)));
  const counted = [onPrimary.counted, ...onReplicas];
  const tables = summed(
    counted.map((server) => server.tables),
    ({ table }) => table,
    ['sequentialScans', 'rowsScanned', 'indexScans'],
  );
  const indexes = summed(
    counted.map((server) => server.indexes),
    ({ index }) => index,
    ['scans'],
  );
  const columnsOf = new Map(onPrimary.columns.map(({ table, columns }) => [table, new Set(columns)]));
  return {
    countedSince: counted.map(({ since }) => since?.toISOString() ?? null),
    statements: onPrimary.statements,
    tables,
    indexes,
    unusedIndexes: indexes.filter(({ scans, constraint }) => scans === 0 && !constraint),
    missingIndexes: missingIndexes(tables, indexes, columnsOf, onPrimary.statements ?? []),
    hitRatio: onPrimary.counted.hitRatio,
    ...onPrimary.sessions,
  };
};
