import type { Settings } from './config.ts';
import { systemClock } from './kernel/clock.ts';
import { startedTracing } from './platform/telemetry/tracing/started.ts';
import { borrowDatabases, completeConfig } from './startup/databases.ts';
import { openAdmin } from './startup/open-admin.ts';
import { openApplication } from './startup/open-application.ts';
import { openProcess } from './startup/open-process.ts';
import { openWorker } from './startup/open-worker.ts';
import { prepareDatabase } from './startup/prepare.ts';
import { onceReachable } from './startup/reach-database.ts';

/** Does background work until it is told to stop, then gives back what it has not finished. Throws when it can't start. */
export const work = async (settings: Settings): Promise<void> => {
  const { log, logLevels, stop } = openProcess(settings);
  await using opened = new AsyncDisposableStack();
  opened.defer(async () => startedTracing()?.stop());
  const databases = await borrowDatabases(settings, log.info);
  opened.defer(databases.stop);
  const config = await completeConfig(settings, databases);
  const application = await openApplication(config, { clock: systemClock, log, logLevels, isServing: () => true });
  opened.defer(application.close);
  const admin = await openAdmin(config, application, null);
  opened.defer(() => admin.close(0));
  log.info('listening for operators', { url: admin.url });
  await onceReachable(() => prepareDatabase(config, databases, application), log, stop.signal);
  const worker = openWorker(config, application, { works: true });
  opened.defer(() => worker.stop(config.SHUTDOWN_GRACE_MS));
  log.info('working');
  log.info('stopping', { reason: await stop.asked });
};
