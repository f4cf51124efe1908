import { compose } from './compose.ts';
import type { Settings } from './config.ts';
import { systemClock } from './kernel/clock.ts';
import { logListeners } from './platform/telemetry/listeners.ts';
import { borrowDatabases, completeConfig } from './startup/databases.ts';
import { openProcess } from './startup/open-process.ts';
import { openWorker } from './startup/open-worker.ts';
import { prepareDatabase } from './startup/prepare.ts';
import { onceReachable } from './startup/reach-database.ts';

/** Does background work until it is told to stop, then gives back what it has not finished. Throws when it can't start. */
export const work = async (settings: Settings): Promise<void> => {
  const { log, stop } = openProcess(settings);
  await using opened = new AsyncDisposableStack();
  const databases = await borrowDatabases(settings, log.info);
  opened.defer(databases.stop);
  const config = await completeConfig(settings, databases);
  const listeners = logListeners(log, { slowRequestMs: config.SLOW_REQUEST_MS, slowQueryMs: config.SLOW_QUERY_MS });
  const application = await compose(config, { clock: systemClock, listeners });
  opened.defer(application.close);
  await onceReachable(() => prepareDatabase(config, databases, application), log, stop.signal);
  const worker = openWorker(config, application, listeners, { works: true });
  opened.defer(() => worker.stop(config.SHUTDOWN_GRACE_MS));
  log.info('working');
  log.info('stopping', { reason: await stop.asked });
};
