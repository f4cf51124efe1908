import { getConstructionPlans, getMigrationPlans } from 'pg-boss';
import pgBoss from 'pg-boss/package.json' with { type: 'json' };

/** The schema that the queue's library keeps its tables in. */
export const JOBS_SCHEMA = 'jobs';

/** The version of the library's tables that the installed library needs. */
export const JOBS_SCHEMA_VERSION = pgBoss.pgboss.schema;

/** The library's plans are transactions of their own; a migration runs inside one. */
const withoutTransaction = (plan: string): string => plan.replaceAll(/^\s*(BEGIN|COMMIT);$/gm, '');

const grants = (role: string): string => `
  grant usage on schema ${JOBS_SCHEMA} to ${role};
  grant select, insert, update, delete on all tables in schema ${JOBS_SCHEMA} to ${role};`;

/** SQL that makes the library's tables, or brings those of an older version up to date. */
export const jobsSchemaSql = (installed: number | null, role: string): string =>
  installed === null
    ? `create schema ${JOBS_SCHEMA};${withoutTransaction(getConstructionPlans(JOBS_SCHEMA, { createSchema: false }))}${grants(role)}`
    : `${withoutTransaction(getMigrationPlans(JOBS_SCHEMA, installed))}${grants(role)}`;
