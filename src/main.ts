import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import manifest from '../package.json' with { type: 'json' };
import type { Settings } from './config.ts';
import { standingClock, systemClock } from './kernel/clock.ts';
import type { Worker } from './platform/jobs/worker.ts';
import { startedTracing } from './platform/telemetry/tracing/started.ts';
import { completeConfig, openDatabases } from './startup/databases.ts';
import { openDemoTenant } from './startup/demo-tenant.ts';
import { loadSample } from './startup/load-sample.ts';
import { openAdmin } from './startup/open-admin.ts';
import { openApplication } from './startup/open-application.ts';
import { openProcess } from './startup/open-process.ts';
import { openWorker } from './startup/open-worker.ts';
import { prepareDatabase } from './startup/prepare.ts';
import { onceReachable } from './startup/reach-database.ts';
import { listenFault } from './startup/start-error.ts';
import { createSteps } from './startup/steps.ts';
import { suggestionsFor } from './startup/suggestions.ts';
import { welcomePage } from './startup/welcome.ts';
import { listen } from './transport/http/server.ts';
import { createStartingApp } from './transport/http/starting.ts';

export interface ServeOptions {
  /** Where the clock stands; it runs unless given. */
  instant?: string | undefined;
}

/** Opens one thing after the other; they are closed in reverse when the stop comes, or when one of them fails. */
const run = async (
  settings: Settings,
  { instant }: ServeOptions,
  { log, logLevels, stop }: ReturnType<typeof openProcess>,
): Promise<void> => {
  await using opened = new AsyncDisposableStack();
  opened.defer(async () => startedTracing()?.stop());
  const steps = createSteps(log);
  opened.defer(steps.end);
  let say: (line: string) => void = steps.next;

  if (!settings.DATABASE_URL) say('Starting PostgreSQL');
  const databases = await openDatabases(settings, (line) => say(line));
  opened.defer(databases.stop);
  const config = await completeConfig(settings, databases);
  const clock = instant === undefined ? systemClock : standingClock(instant);
  let serving = false;
  const application = await openApplication(config, { clock, log, logLevels, isServing: () => serving });
  opened.defer(application.close);

  let app: RequestListener = createStartingApp();
  const server = await listen((request, response) => app(request, response), {
    host: config.HOST,
    port: config.PORT,
    keepAliveMs: config.KEEP_ALIVE_MS,
    requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
    sendTimeoutMs: config.SEND_TIMEOUT_MS,
    maxConnections: config.MAX_CONNECTIONS,
  }).catch((error: unknown) => Promise.reject(listenFault(error, config.HOST, config.PORT)));
  let worker: Worker | undefined;
  opened.defer(async () => {
    await Promise.all([server.close(config.SHUTDOWN_GRACE_MS), worker?.stop(config.SHUTDOWN_GRACE_MS)]);
  });
  const admin = await openAdmin(config, application, config.PORT);
  opened.defer(() => admin.close(0));
  await databases.announce(server.url);
  log.debug('listening', { url: server.url });
  log.debug('listening for operators', { url: admin.url });

  say('Checking the database');
  const migrations = await onceReachable(() => prepareDatabase(config, databases, application), log, stop.signal);
  steps.end();
  if (migrations.length) log.info('migrated', { migrations });
  const { dataDir } = databases;
  const demo = (config.LOAD_SAMPLE ?? dataDir !== null) ? await openDemoTenant(application, dataDir) : null;
  if (demo) await loadSample(application, demo.tenantId, steps, stop.signal);

  app = application.app;
  serving = true;
  application.warmer?.start();
  worker = openWorker(config, application, { works: config.JOBS_IN_SERVE ?? dataDir !== null });
  const suggestions = await suggestionsFor(application, clock, { url: server.url, demo });
  steps.end();
  say = log.warn;
  if (!process.stderr.isTTY) log.info('ready', { url: server.url });
  if (dataDir !== null || process.stdout.isTTY) {
    const standsAt = instant === undefined ? null : clock.nowIso();
    const { version } = manifest;
    process.stdout.write(
      welcomePage(
        { version, url: server.url, adminUrl: admin.url, dataDir, standsAt, demo, suggestions },
        process.stdout,
      ),
    );
  }

  log.info('stopping', { reason: await stop.asked });
  application.drain();
  server.drain();
  await delay(config.DRAIN_DELAY_MS);
};

/** Serves until it is told to stop, which lets running requests finish. Throws when it can't start. */
export const serve = async (settings: Settings, options: ServeOptions = {}): Promise<void> => {
  const opened = openProcess(settings);
  const { log, stop } = opened;
  try {
    await run(settings, options, opened);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    log.info('stopped before it was ready', { reason: String(stop.signal.reason) });
  }
};
