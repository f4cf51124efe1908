import { type Application, compose } from '../compose.ts';
import type { Config, Settings } from '../config.ts';
import { systemClock } from '../kernel/clock.ts';
import { logListeners } from '../platform/telemetry/listeners.ts';
import { createLog } from '../platform/telemetry/logs.ts';
import { borrowDatabases, completeConfig } from './databases.ts';
import { prepareDatabase } from './prepare.ts';

export interface BorrowedApplication extends AsyncDisposable {
  application: Application;
  config: Config;
  ownerUrl: string;
}

/** The application without HTTP, for a command; disposing of it stops what was started for it. */
export const borrowApplication = async (settings: Settings): Promise<BorrowedApplication> => {
  await using opened = new AsyncDisposableStack();
  const databases = await borrowDatabases(settings, () => {});
  opened.defer(databases.stop);
  const config = await completeConfig(settings, databases);
  const log = createLog({ level: 'warn', format: 'text', stream: process.stderr });
  const listeners = logListeners(log, { slowRequestMs: config.SLOW_REQUEST_MS, slowQueryMs: Number.POSITIVE_INFINITY });
  const application = await compose(config, { clock: systemClock, listeners });
  opened.defer(application.close);
  await prepareDatabase(config, databases, application);
  const kept = opened.move();
  return {
    application,
    config,
    ownerUrl: databases.ownerUrl,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
};
