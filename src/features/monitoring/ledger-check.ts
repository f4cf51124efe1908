import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { verifyAll } from '../verification/index.ts';

/** Verifies every tenant and writes down how many rows break a promise, for all processes to tell. */
export const checkLedger = async (database: Database, machineClock: Clock): Promise<number> => {
  const reports = await verifyAll(database);
  const faults = reports.flatMap(({ findings }) => findings).reduce((sum, { found }) => sum + found, 0);
  await database.transaction(newScope(null), ({ sql: db }) =>
    sql`select app.note_ledger_check(${machineClock.nowIso()}::timestamptz, ${faults})`.execute(db),
  );
  return faults;
};
