import type { Sources } from './sources.ts';

/** Statements that have a plan; all others do something else than read and write rows. */
const PLANNED = /^\s*(select|with|insert|update|delete|merge|values)\b/i;

/** Nobody waits for a plan, and it is to be in nobody's way. */
const LIMITS = `
  select set_config('statement_timeout', '1000', true), set_config('lock_timeout', '50', true),
    set_config('app.tenant', '', true)`;

/**
 * Answers how the primary would run a statement, whatever its parameters, a line each node; null for one that has no plan.
 * It is not run. Takes the connection for readiness, one statement at a time: null too while another one is planned.
 */
export const createStatementPlans = (sources: Pick<Sources, 'look'>): ((text: string) => Promise<string[] | null>) => {
  let busy = false;
  return async (text) => {
    if (busy || !PLANNED.test(text)) return null;
    busy = true;
    try {
      return await sources.look(async (client) => {
        await client.query(LIMITS);
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${text}`);
        return rows.map((row) => row['QUERY PLAN']);
      });
    } finally {
      busy = false;
    }
  };
};
