import { expect } from 'vitest';
import { type TenantReport, verifyAll } from '../../src/features/verification/index.ts';
import type { TestApp } from './app.ts';

/** What verify finds, by the name of the check. */
export const damageIn = (reports: TenantReport[]): Record<string, Record<string, unknown>[]> =>
  Object.fromEntries(
    reports.flatMap(({ findings }) => findings.filter(({ found }) => found > 0).map(({ name, rows }) => [name, rows])),
  );

/** Fails unless `innkeeper verify` finds nothing off, whatever tenant. */
export const expectLedgerClean = async ({ application }: Pick<TestApp, 'application'>): Promise<void> => {
  expect(damageIn(await verifyAll(application.database))).toEqual({});
};
