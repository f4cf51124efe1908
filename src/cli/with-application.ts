import type { Application } from '../compose.ts';
import { type Config, overriddenBy, readSettings } from '../config.ts';

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
  const { borrowApplication } = await import('../startup/borrow-application.ts');
  await using borrowed = await borrowApplication(settings);
  return await work(borrowed);
};
