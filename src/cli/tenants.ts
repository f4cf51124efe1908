import { sql } from 'kysely';
import type { Application } from '../compose.ts';
import { AppError } from '../kernel/app-error.ts';
import { forEachTenant } from '../platform/db/each-tenant.ts';

export interface Tenant {
  id: string;
  slug: string;
  name: string;
}

export const listTenants = async ({ database }: Application): Promise<Tenant[]> => {
  const tenants: Tenant[] = [];
  await forEachTenant(database, async (scope) => {
    const { rows } = await database.read(scope, 'primary', (db) =>
      sql<Tenant>`select id, slug, name from tenant where id = app.tenant()`.execute(db),
    );
    tenants.push(...rows);
  });
  return tenants.sort((a, b) => (a.slug < b.slug ? -1 : 1));
};

/** Throws AppError NOT_FOUND when no tenant has the slug, naming those there are. */
export const tenantBySlug = async (application: Application, slug: string): Promise<Tenant> => {
  const tenants = await listTenants(application);
  const found = tenants.find((tenant) => tenant.slug === slug);
  if (found) return found;
  const known = tenants.map((tenant) => tenant.slug).join(', ') || 'none';
  throw new AppError('not_found', 'NOT_FOUND', `There is no tenant ${slug}. Those there are: ${known}.`);
};
