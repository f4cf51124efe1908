import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { faultCode } from '../../platform/db/faults.ts';
import type { Scope } from '../../platform/db/scope.ts';

/** Rows that one transaction deletes at most. */
export const BITE = 1_000;

/** Whose rows are looked after, and how long one statement may wait for somebody else's lock. */
export interface Bench {
  database: Database;
  scope: Scope;
  lockTimeoutMs: number;
}

/** Deletes bite by bite, each in a transaction of its own; yields how many rows each has deleted. */
export type Bites = AsyncGenerator<number, void, void>;

/** Runs `work` in one transaction that gives way rather than wait long for a lock. */
export const bite = <T>({ database, scope, lockTimeoutMs }: Bench, work: (db: Sql) => Promise<T>): Promise<T> =>
  database.transaction(scope, async ({ sql: db }) => {
    await sql`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`.execute(db);
    return await work(db);
  });

/** Whether a bite gave way because somebody else held a lock for too long. */
export const gaveWay = (error: unknown): boolean => error instanceof AppError && faultCode(error.cause) === '55P03';
