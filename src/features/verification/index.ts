import type { Database } from '../../platform/db/database.ts';
import { forEachTenant } from '../../platform/db/each-tenant.ts';
import type { Scope } from '../../platform/db/scope.ts';
import { checks } from './checks/index.ts';
import { type TenantReport, verifyTenant } from './verify-tenant.ts';

export { type Examined, type Finding, type TenantReport, verifyTenant } from './verify-tenant.ts';

/** Verifies every tenant, one after the other, each in a snapshot of its own; `onCheck` is told how many checks are done. */
export const verifyAll = async (
  database: Database,
  onCheck: (done: number, total: number) => void = () => {},
): Promise<TenantReport[]> => {
  const scopes: Scope[] = [];
  await forEachTenant(database, async (scope) => scopes.push(scope));
  const reports: TenantReport[] = [];
  let done = 0;
  for (const scope of scopes) {
    reports.push(await verifyTenant(database, scope, () => onCheck(++done, scopes.length * checks.length)));
  }
  return reports;
};
