import type pg from 'pg';

/** What one kind of statement has cost since the statistics were reset; its text has no values. */
export interface StatementCost {
  text: string;
  calls: number;
  totalMs: number;
  meanMs: number;
  rows: number;
  /** Blocks that came from memory, 0 to 1; null when none were read. */
  hitRatio: number | null;
}

const MOST = 20;

const SCHEMA = `select quote_ident(n.nspname) as schema from pg_extension e
  join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements' and has_schema_privilege(n.oid, 'usage')`;

const top = (schema: string) => `
  select regexp_replace(query, '\\s+', ' ', 'g') as text, calls::float8, total_exec_time as "totalMs", mean_exec_time as "meanMs", rows::float8,
    shared_blks_hit::float8 / nullif(shared_blks_hit + shared_blks_read, 0) as "hitRatio"
  from ${schema}.pg_stat_statements
  where dbid = (select oid from pg_database where datname = current_database()) and toplevel
  order by total_exec_time desc limit ${MOST}`;

/**
 * The statements of this database that have cost most time; null where pg_stat_statements is not installed, or not
 * for this login. Those of other roles have no text unless the login may read all statistics.
 */
export const costliestStatements = async (client: pg.ClientBase): Promise<StatementCost[] | null> => {
  const { rows } = await client.query<{ schema: string }>(SCHEMA);
  const schema = rows[0]?.schema;
  return schema ? (await client.query<StatementCost>(top(schema))).rows : null;
};
