import { type Application, compose } from '../compose.ts';
import { type Config, overriddenBy, readSettings } from '../config.ts';
import { systemClock } from '../kernel/clock.ts';
import { logListeners } from '../platform/telemetry/listeners.ts';
import { createLog } from '../platform/telemetry/logs.ts';
import { borrowDatabases, completeConfig } from '../startup/databases.ts';
import { prepareDatabase } from '../startup/prepare.ts';

export interface CommandContext {
  application: Application;
  config: Config;
  /** The login that owns the tables, and that row-level security binds all the same. */
  ownerUrl: string;
}

/**
 * Runs a command's work on the application without HTTP, on the database of a running server or else on one that runs
 * for as long as the work takes. Warnings and errors are written to standard error.
 */
export const withApplication = async <T>(
  { dataDir }: { dataDir?: string | undefined },
  work: (context: CommandContext) => Promise<T>,
): Promise<T> => {
  const settings = readSettings(overriddenBy({ INNKEEPER_DATA_DIR: dataDir }));
  const log = createLog({ level: 'warn', format: 'text', stream: process.stderr });
  await using opened = new AsyncDisposableStack();
  const databases = await borrowDatabases(settings, () => {});
  opened.defer(databases.stop);
  const config = await completeConfig(settings, databases);
  const listeners = logListeners(log, { slowRequestMs: config.SLOW_REQUEST_MS, slowQueryMs: Number.POSITIVE_INFINITY });
  const application = await compose(config, { clock: systemClock, listeners });
  opened.defer(application.close);
  await prepareDatabase(config, databases, application);
  return await work({ application, config, ownerUrl: databases.ownerUrl });
};
