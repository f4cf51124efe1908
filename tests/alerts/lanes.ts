import type { Fault } from './fault.ts';
import { backgroundFaults } from './faults/background.ts';
import { databaseFaults } from './faults/database.ts';
import { ledgerFaults } from './faults/ledger.ts';
import { limitFaults } from './faults/limits.ts';
import { processFaults } from './faults/processes.ts';
import { redisFaults } from './faults/redis.ts';
import { statementFaults } from './faults/statements.ts';

/** Faults that follow each other on a stage of their own; lanes run side by side. */
export interface Lane {
  name: string;
  /** Whether it begins with an hour of healthy load. */
  healthy: boolean;
  faults: readonly Fault[];
}

export const lanes: Lane[] = [
  { name: 'database', healthy: true, faults: [...databaseFaults, ...statementFaults, ...ledgerFaults] },
  { name: 'background', healthy: false, faults: backgroundFaults },
  { name: 'limits', healthy: false, faults: limitFaults },
  { name: 'processes', healthy: false, faults: [...redisFaults, ...processFaults] },
];
