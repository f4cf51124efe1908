import pg from 'pg';
import type { TestDatabase } from './postgres.ts';
import { superuserUrl } from './superuser.ts';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

type Explained = pg.QueryResult<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>;

export interface AskedStatement {
  text: string;
  /** It is not planned again while these are empty. */
  planAgainUnlessEmpty: readonly string[];
}

/** How a statement would be run on big tables. */
export interface PlannedStatement {
  /** What is wrong, in a sentence; null when nothing is. */
  fault: string | null;
  /** Tables that no pretence made big: of those it is only known whether some index fits. */
  empty: readonly string[];
}

/** Rows that a table grows to, at least. */
const MANY = 1_000_000;

/** What grows with every night and booking. A tenant's properties, rooms, plans and users are thousands, and lists may count them. */
const BIG = new Set([
  ...['inventory_night', 'rate_night', 'booking', 'booking_line', 'room_stay', 'guest', 'guest_key'],
  ...['event', 'audit_entry', 'idempotency_key', 'webhook_delivery'],
]);

/** As of a long-lived chain of hotels: one tenant has all rows, and each id stands in a few of them. Gone with the transaction. */
const PRETEND = `
  select pg_restore_relation_stats('schemaname', 'public', 'relname', t.relname::text, 'relpages', 1, 'reltuples', ${MANY}::real),
    pg_restore_attribute_stats('schemaname', 'public', 'relname', t.relname::text, 'attname', a.attname::text,
      'inherited', false, 'null_frac', 0::real, 'avg_width', 16,
      'n_distinct', case a.attname when 'tenant_id' then 1 else -0.2 end::real)
  from pg_class t join pg_attribute a on a.attrelid = t.oid and a.atttypid = 'uuid'::regtype and not a.attisdropped
  where t.relnamespace = 'public'::regnamespace and t.relkind = 'r'`;

/** What counts is how many rows are read: by an index on the tenant alone they are the same ones, more dearly. */
const COSTS = 'set local cpu_operator_cost = 0';

const EMPTY = `select relname as table from pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) = 0`;

/** A test has removed a table or schema on purpose. */
const TAKEN_AWAY = /^(42P01|3F000)$/;

const SHOWN = 300;

/** Both ends: what a statement reads from stands at its end. */
const brief = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 3 * SHOWN ? `${line.slice(0, SHOWN)} … ${line.slice(-2 * SHOWN)}` : line;
};

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

const scannedBy = (nodes: readonly PlanNode[]): Set<string> =>
  new Set(
    nodes
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name'] ?? '')
      .filter((table) => BIG.has(table)),
  );

const nodesFor = async (client: pg.Client, text: string): Promise<PlanNode[]> => {
  const { rows }: Explained = await client.query(`explain (generic_plan, format json) ${text}`);
  return rows.flatMap((row) => nodesOf(row['QUERY PLAN'][0].Plan));
};

const planOne = async (client: pg.Client, text: string, emptyTables: Set<string>): Promise<PlannedStatement> => {
  const nodes = await nodesFor(client, text);
  const scans = scannedBy(nodes);
  const empty = [...emptyTables].filter((table) => nodes.some((node) => node['Relation Name'] === table));
  if (empty.some((table) => scans.has(table))) {
    await client.query('set local enable_seqscan = off');
    const needed = scannedBy(await nodesFor(client, text));
    for (const table of empty) if (!needed.has(table)) scans.delete(table);
  }
  return { fault: scans.size ? `reads ${[...scans].join(', ')} from end to end: ${brief(text)}` : null, empty };
};

/**
 * How the statements would be run, whatever their parameters, by the application's role, if each table held a million rows
 * of one tenant: a fault is one that reads a big table from end to end. None is run.
 */
export const planOnBigTables = async (
  database: TestDatabase,
  asked: readonly AskedStatement[],
): Promise<Map<string, PlannedStatement>> => {
  const client = new pg.Client({
    connectionString: superuserUrl(database),
    options: '-c lock_timeout=5000 -c jit=off',
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ table: string }>(EMPTY);
    const emptyTables = new Set(rows.map(({ table }) => table));
    const news = asked.filter(
      ({ planAgainUnlessEmpty: seen }) => seen.length === 0 || seen.some((table) => !emptyTables.has(table)),
    );
    const planned = new Map<string, PlannedStatement>();
    if (news.length === 0) return planned;
    await client.query('begin');
    await client.query(PRETEND);
    await client.query(COSTS);
    await client.query(`set local role innkeeper_app; set local app.tenant = '00000000-0000-7000-8000-000000000000'`);
    for (const { text } of news) {
      await client.query('savepoint one');
      const result = await planOne(client, text, emptyTables).catch((error: unknown) => {
        if (error instanceof pg.DatabaseError && TAKEN_AWAY.test(error.code ?? '')) return null;
        return { fault: `can't be planned (${String(error)}): ${brief(text)}`, empty: [] };
      });
      if (result) planned.set(text, result);
      await client.query('rollback to savepoint one');
    }
    return planned;
  } finally {
    await client.end();
  }
};
