import { writeFile } from 'node:fs/promises';
import { randomIds } from '../../kernel/ids.ts';
import { operatorOf } from '../../kernel/principal.ts';
import { newScope } from '../../platform/db/scope.ts';
import { withApplication } from '../with-application.ts';
import { fileBytes } from './files.ts';
import { stepProgress } from './step-progress.ts';
import { summary } from './summary.ts';
import { stopSignal, tenantOf } from './target.ts';

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
