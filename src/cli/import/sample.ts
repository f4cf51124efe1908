import { join } from 'node:path';
import type { Application } from '../../compose.ts';
import type { ImportProgress, ImportReport, Market, SourceFiles } from '../../features/imports/index.ts';
import { randomIds } from '../../kernel/ids.ts';
import { operatorOf } from '../../kernel/principal.ts';
import { newScope } from '../../platform/db/scope.ts';
import { fileBytes } from './files.ts';

const FOLDER = join(import.meta.dirname, '../../../sample');

/** Listings and calendar of Antwerp, as they come with the program. */
export const SAMPLE_FILES: SourceFiles = {
  listings: () => fileBytes(join(FOLDER, 'antwerp-listings.csv.gz')),
  calendar: () => fileBytes(join(FOLDER, 'antwerp-calendar.csv.gz')),
};

const ANTWERP: Market = {
  city: 'Antwerp',
  country: 'BE',
  timeZone: 'Europe/Brussels',
  currency: 'USD',
  dayStartsAt: '04:00',
};

export interface SampleInput {
  application: Application;
  tenantId: string;
  onProgress?: (progress: ImportProgress) => void;
  /** Stops the load between two transactions; its reason is thrown. */
  signal?: AbortSignal;
}

/**
 * Loads the sample's listings that the tenant does not have yet; null, at once, when it has all of them. Listings can
 * be booked from the moment they are committed, a few at a time. The nights after the calendar's last are left to the
 * server, which opens them when it rolls the horizon on.
 */
export const importSample = async ({
  application,
  tenantId,
  ...options
}: SampleInput): Promise<ImportReport | null> => {
  const caller = { principal: operatorOf(tenantId), scope: newScope(tenantId), requestId: randomIds.uuid() };
  if ((await application.imports.countNewListings(caller.scope, SAMPLE_FILES.listings)) === 0) return null;
  return application.imports.insideAirbnb(caller, {
    files: SAMPLE_FILES,
    market: ANTWERP,
    shift: true,
    openHorizon: false,
    ...options,
  });
};
