import { writeFile } from 'node:fs/promises';
import { randomIds } from '../../kernel/ids.ts';
import { operatorOf } from '../../kernel/principal.ts';
import { newScope } from '../../platform/db/scope.ts';
import { UsageError } from '../run-command.ts';
import { listTenants, type Tenant, tenantBySlug } from '../tenants.ts';
import { type CommandContext, withApplication } from '../with-application.ts';
import { fileBytes } from './files.ts';
import { stepProgress } from './step-progress.ts';
import { summary } from './summary.ts';

export interface InsideAirbnbOptions {
  listings: string;
  calendar: string;
  shift: boolean;
  currency: string;
  city: string;
  country: string;
  timeZone: string;
  tenant?: string;
  report?: string;
  dataDir?: string;
}

const tenantOf = async ({ application }: CommandContext, slug: string | undefined): Promise<Tenant> => {
  if (slug !== undefined) return tenantBySlug(application, slug);
  const [only, ...others] = await listTenants(application);
  if (!only) throw new UsageError('There is no tenant yet. Make one: innkeeper keys tenant create SLUG NAME.');
  if (others.length === 0) return only;
  const slugs = [only, ...others].map((tenant) => tenant.slug).join(', ');
  throw new UsageError(`Say whose properties they become: --tenant, one of ${slugs}.`);
};

/** Aborted by the first Ctrl-C, after which the import ends between two transactions; a second one ends the process. */
const stopSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new Error(`Stopped by ${name}. Run it again to import the rest.`)));
  }
  return controller.signal;
};

export const importInsideAirbnb = (options: InsideAirbnbOptions): Promise<void> =>
  withApplication(options, async (context) => {
    const tenant = await tenantOf(context, options.tenant);
    const { city, country, timeZone, currency } = options;
    const progress = stepProgress();
    try {
      const report = await context.application.imports.insideAirbnb(
        { principal: operatorOf(tenant.id), scope: newScope(tenant.id), requestId: randomIds.uuid() },
        {
          files: { listings: () => fileBytes(options.listings), calendar: () => fileBytes(options.calendar) },
          market: { city, country, timeZone, currency, dayStartsAt: '04:00' },
          shift: options.shift,
          openHorizon: true,
          onProgress: progress.show,
          signal: stopSignal(),
        },
      );
      progress.end();
      if (options.report !== undefined) await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`);
      process.stdout.write(summary(report));
    } finally {
      progress.end();
    }
  });
