import { UsageError } from '../run-command.ts';
import { listTenants, type Tenant, tenantBySlug } from '../tenants.ts';
import type { CommandContext } from '../with-application.ts';

/** The tenant with the slug, or the only one there is. Throws UsageError where that does not say which. */
export const tenantOf = async ({ application }: CommandContext, slug: string | undefined): Promise<Tenant> => {
  if (slug !== undefined) return tenantBySlug(application, slug);
  const [only, ...others] = await listTenants(application);
  if (!only) throw new UsageError('There is no tenant yet. Make one: innkeeper keys tenant create SLUG NAME.');
  if (others.length === 0) return only;
  const slugs = [only, ...others].map((tenant) => tenant.slug).join(', ');
  throw new UsageError(`Say whose properties they become: --tenant, one of ${slugs}.`);
};

/** Aborted by the first Ctrl-C, after which the work ends between two transactions; a second one ends the process. */
export const stopSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new Error(`Stopped by ${name}. Run it again for the rest.`)));
  }
  return controller.signal;
};
