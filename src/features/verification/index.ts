import type { Database } from '../../platform/db/database.ts';
import { forEachTenant } from '../../platform/db/each-tenant.ts';
import { type TenantReport, verifyTenant } from './verify-tenant.ts';

export { type Examined, type Finding, type TenantReport, verifyTenant } from './verify-tenant.ts';

/** Verifies every tenant, one after the other, each in a snapshot of its own. */
export const verifyAll = async (database: Database): Promise<TenantReport[]> => {
  const reports: TenantReport[] = [];
  await forEachTenant(database, async (scope) => reports.push(await verifyTenant(database, scope)));
  return reports;
};
