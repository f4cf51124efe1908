import { sql } from 'kysely';
import type { Database, Sql } from '../../platform/db/database.ts';
import type { Scope } from '../../platform/db/scope.ts';
import type { Check } from './check.ts';
import { checks } from './checks/index.ts';

/** How many rows of each kind were looked at. */
export interface Examined {
  nights: number;
  bookings: number;
  lines: number;
  stays: number;
  events: number;
  guests: number;
}

export interface Finding extends Pick<Check, 'name' | 'promise'> {
  /** How many rows break the promise; 0 while it holds. */
  found: number;
  /** Up to 20 of them: ids, dates, counts and states. */
  rows: Record<string, unknown>[];
}

export interface TenantReport {
  tenantId: string;
  slug: string;
  clean: boolean;
  examined: Examined;
  findings: Finding[];
}

const MAX_ROWS = 20;
const STATEMENT_TIMEOUT_MS = 300_000;
/** Joins and sorts of all bookings stay in memory: half the time of PostgreSQL's default. */
const SORT_MEMORY = '64MB';

const examine = async (db: Sql): Promise<Examined & { tenantId: string; slug: string }> => {
  const count = (table: string) =>
    sql`(select count(*)::integer from ${sql.table(table)} where tenant_id = app.tenant())`;
  const { rows } = await sql<Examined & { tenantId: string; slug: string }>`
    select t.id as "tenantId", t.slug, ${count('inventory_night')} as nights, ${count('booking')} as bookings,
      ${count('booking_line')} as lines, ${count('room_stay')} as stays, ${count('event')} as events,
      ${count('guest')} as guests
    from tenant t where t.id = app.tenant()`.execute(db);
  if (!rows[0]) throw new Error('there is no such tenant');
  return rows[0];
};

const run = async (db: Sql, { name, promise, offenders }: Check): Promise<Finding> => {
  const { rows } = await sql<{ found: number; row: Record<string, unknown> }>`
    select (count(*) over ())::integer as found, to_jsonb(o) as row from (${sql.raw(offenders)}) o
    order by 2 limit ${MAX_ROWS}`.execute(db);
  return { name, promise, found: rows[0]?.found ?? 0, rows: rows.map(({ row }) => row) };
};

/** All checks on the tenant of a transaction; of one moment only if the transaction is repeatable read. */
export const runChecks = async (db: Sql, onCheck: () => void = () => {}): Promise<TenantReport> => {
  const { tenantId, slug, ...examined } = await examine(db);
  const findings: Finding[] = [];
  for (const check of checks) {
    findings.push(await run(db, check));
    onCheck();
  }
  return { tenantId, slug, clean: findings.every(({ found }) => found === 0), examined, findings };
};

/**
 * Recomputes all that the scope's tenant has stored twice and looks for what can't be, in one snapshot: traffic beside
 * it is neither disturbed nor seen half done.
 */
export const verifyTenant = (database: Database, scope: Scope, onCheck?: () => void): Promise<TenantReport> =>
  database.snapshot(scope, STATEMENT_TIMEOUT_MS, async (db) => {
    await sql`select set_config('work_mem', ${SORT_MEMORY}, true)`.execute(db);
    return runChecks(db, onCheck);
  });
