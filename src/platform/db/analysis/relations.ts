import type pg from 'pg';

export interface TableFacts {
  table: string;
  /** By the planner's reckoning. */
  rows: number;
  /** With everything that belongs to it but indexes. */
  bytes: number;
  indexBytes: number;
  /** Rows that are dead and still there. */
  deadRows: number;
  sequentialScans: number;
  /** Rows that those have read. */
  rowsScanned: number;
  indexScans: number;
}

export interface IndexFacts {
  table: string;
  index: string;
  bytes: number;
  /** Since the statistics were reset. */
  scans: number;
  /** True when it holds a constraint up, so that it is needed although nothing is looked up by it. */
  constraint: boolean;
  /** Its columns in order; null where it is over an expression. */
  columns: (string | null)[];
}

export const TABLES = `
  select s.relname as table, greatest(c.reltuples, 0)::float8 as rows, pg_table_size(s.relid)::float8 as bytes,
    pg_indexes_size(s.relid)::float8 as "indexBytes", s.n_dead_tup::float8 as "deadRows",
    s.seq_scan::float8 as "sequentialScans", s.seq_tup_read::float8 as "rowsScanned",
    coalesce(s.idx_scan, 0)::float8 as "indexScans"
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid
  where s.schemaname = 'public' order by pg_total_relation_size(s.relid) desc`;

export const INDEXES = `
  select s.relname as table, s.indexrelname as index, pg_relation_size(s.indexrelid)::float8 as bytes,
    s.idx_scan::float8 as scans,
    i.indisunique or i.indisexclusion or exists (select from pg_constraint k where k.conindid = i.indexrelid) as constraint,
    array(select a.attname::text from unnest(i.indkey) with ordinality as k (attnum, at)
      left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
      where k.at <= i.indnkeyatts order by k.at) as columns
  from pg_stat_user_indexes s join pg_index i on i.indexrelid = s.indexrelid
  where s.schemaname = 'public' order by pg_relation_size(s.indexrelid) desc`;

/** The tables, the biggest first; what a server has counted is its own. */
export const tableFacts = async (client: pg.ClientBase): Promise<TableFacts[]> =>
  (await client.query<TableFacts>(TABLES)).rows;

export const indexFacts = async (client: pg.ClientBase): Promise<IndexFacts[]> =>
  (await client.query<IndexFacts>(INDEXES)).rows;

/** The primary's facts with what was counted on every server: an index may be used on replicas only. */
export const summed = <Facts extends TableFacts | IndexFacts>(
  all: readonly (readonly Facts[])[],
  nameOf: (facts: Facts) => string,
  counters: readonly (keyof Facts)[],
): Facts[] => {
  const [primary = [], ...replicas] = all.map((facts) => new Map(facts.map((one) => [nameOf(one), one])));
  return [...primary.values()].map((facts) => {
    const copies = replicas.map((replica) => replica.get(nameOf(facts)));
    const totals = counters.map((counter) => [
      counter,
      [facts, ...copies].reduce((sum, copy) => sum + Number(copy?.[counter] ?? 0), 0),
    ]);
    return { ...facts, ...Object.fromEntries(totals) };
  });
};
