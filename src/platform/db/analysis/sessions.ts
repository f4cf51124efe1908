import type pg from 'pg';

/** A transaction that has been open for long: it keeps dead rows from being cleared away, and holds its locks. */
export interface LongTransaction {
  pid: number;
  role: string | null;
  application: string;
  state: string;
  openSeconds: number;
  /** What it waits for: `Lock: transactionid`. */
  waits: string | null;
  /** Its last statement, values masked. */
  statement: string;
}

export interface Sessions {
  longTransactions: LongTransaction[];
  /** Sessions of others, which this login may not look into. */
  hidden: number;
}

interface Row extends LongTransaction {
  visible: boolean;
}

const SESSIONS = `
  select pid, usename as role, application_name as application, coalesce(state, '') as state,
    extract(epoch from clock_timestamp() - xact_start)::float8 as "openSeconds",
    wait_event_type || ': ' || wait_event as waits, coalesce(query, '') as statement,
    query is distinct from '<insufficient privilege>' as visible
  from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
  order by xact_start nulls last`;

/** Transactions of this database that are open for longer than so many seconds. */
export const longTransactions = async (
  client: pg.Client,
  seconds: number,
  mask: (statement: string) => string,
): Promise<Sessions> => {
  const { rows } = await client.query<Row>(SESSIONS);
  return {
    longTransactions: rows
      .filter(({ openSeconds }) => openSeconds !== null && openSeconds > seconds)
      .map(({ visible: _visible, ...row }) => ({ ...row, statement: mask(row.statement) })),
    hidden: rows.filter(({ visible }) => !visible).length,
  };
};
