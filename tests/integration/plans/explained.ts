import type { CompiledQuery } from 'kysely';
import type pg from 'pg';

interface PlanNode {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

/** What running a statement took. */
export interface Explained {
  /** Indexes that it read. */
  indexes: Set<string>;
  /** Rows of tables and index entries that it looked at, also those that it then left out. */
  rows: number;
  /** Pages of tables and indexes that it looked at, each as often as it did. */
  pages: number;
  milliseconds: number;
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

const rowsOf = (node: PlanNode): number => {
  if (!node['Relation Name'] && !node['Index Name']) return 0;
  const seen = ['Actual Rows', 'Rows Removed by Filter', 'Rows Removed by Index Recheck'] as const;
  return (node['Actual Loops'] ?? 0) * seen.reduce((sum, key) => sum + (node[key] ?? 0), 0);
};

/**
 * Runs a statement as the server runs it, in the open transaction of `client`, and says what that took. Its parameters
 * stay parameters, and it has no name, so that it is planned for them.
 */
export const explain = async (client: pg.Client, { sql, parameters }: CompiledQuery): Promise<Explained> => {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode; 'Execution Time': number }] }>(
    `explain (analyze, buffers, timing off, format json) ${sql}`,
    [...parameters],
  );
  const [plan] = rows[0]?.['QUERY PLAN'] ?? [];
  if (!plan) throw new Error('no plan');
  const nodes = nodesOf(plan.Plan);
  const ran = nodes.filter((node) => (node['Actual Loops'] ?? 0) > 0);
  return {
    indexes: new Set(ran.flatMap((node) => node['Index Name'] ?? [])),
    rows: Math.round(ran.reduce((sum, node) => sum + rowsOf(node), 0)),
    pages: (plan.Plan['Shared Hit Blocks'] ?? 0) + (plan.Plan['Shared Read Blocks'] ?? 0),
    milliseconds: plan['Execution Time'],
  };
};
