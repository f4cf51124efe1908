import { composeAdmin } from './compose/admin.ts';
import { composeBackground } from './compose/background.ts';
import { composeData } from './compose/data.ts';
import { composeFeatures } from './compose/features.ts';
import { watchCollector } from './compose/health.ts';
import { composePerformance, openProcessWatch } from './compose/performance.ts';
import { readingsOf } from './compose/readings.ts';
import { composeTransport } from './compose/transport.ts';
import type { Config } from './config.ts';
import type { Clock } from './kernel/clock.ts';
import { type Ids, randomIds } from './kernel/ids.ts';
import { noTracer, type Tracer } from './kernel/tracing.ts';
import { type Listeners, silentListeners } from './platform/telemetry/listeners.ts';
import type { LogThresholds } from './platform/telemetry/log-thresholds.ts';
import type { Metrics, Readings } from './platform/telemetry/metrics/index.ts';
import { together } from './platform/telemetry/together.ts';

export interface Seams {
  clock: Clock;
  ids?: Ids;
  /** Told what happens; silent unless given. */
  listeners?: Listeners;
  /** Records requests; none are unless given. */
  tracer?: Tracer;
  /** Makes what measures the application; nothing is measured unless given. */
  openMetrics?: (readings: Readings) => Metrics;
  /** What each module of the log writes, for operators to change. */
  logLevels?: LogThresholds;
}

/** Builds everything; with its parts in `compose/`, the only place that does. */
export const compose = async (
  config: Config,
  { clock, ids = randomIds, listeners: told = silentListeners, tracer = noTracer, openMetrics, logLevels }: Seams,
) => {
  const readings = readingsOf(config, () => composed);
  const metrics = openMetrics?.(readings) ?? null;
  const watch = metrics && openProcessWatch();
  const { onStatement } = watch?.statements ?? silentListeners;
  const collector = tracer === noTracer ? null : watchCollector();
  const { onExportFailed } = collector ?? silentListeners;
  const watching = { ...silentListeners, onStatement, onExportFailed };
  const listeners = metrics ? together(told, metrics.listeners, watching) : told;
  const parts = { clock, ids, listeners, tracer };
  const data = await composeData(config, parts);
  const performance = composePerformance(config, data, parts, { metrics, watch, readings, read: () => composed });
  const features = composeFeatures(config, data, parts, performance);
  const transport = composeTransport(config, data, features, { ...parts, samples: watch?.samples ?? null });
  const { app, work, warmer, drain, readiness } = transport;
  const background = composeBackground(config, data, parts, features.consumers);
  const composed = { data, features, work, background, readiness };
  const { adminApp, health } = composeAdmin(config, data, parts, {
    ...{ features, background, readiness, metrics, performance, collector },
    logLevels: logLevels ?? null,
  });
  return {
    app,
    /** What operators and their tools ask. */
    adminApp,
    /** Each part that the process depends on or keeps; looked at by itself once it watches. */
    health,
    /** Those who are told what happens, the metrics among them. */
    listeners,
    /** What the process' background work tells of itself. */
    background,
    appRouter: features.appRouter,
    access: features.access,
    imports: features.imports,
    database: data.database,
    /** Each database by itself, also while the pools are busy. */
    sources: data.sources,
    /** Answers kept in this process; null where none are. */
    cache: features.cache,
    /** Fills what was asked for most once it is started; null where nothing is to be filled ahead. */
    warmer,
    /** What runs and waits, by kind. */
    work,
    /** Where whoever waits for events is woken. */
    wakeups: data.wakeups,
    /** Hands events to those who follow them. */
    dispatcher: features.dispatcher,
    /** Sends to webhook endpoints what is due. */
    deliverer: features.deliverer,
    /** What is done beside requests, for a worker. */
    tasks: features.tasks,
    /** Turns unready and ends subscriptions, so that no new traffic comes while what runs is finished. */
    drain,
    /** Closes what was opened, in reverse. */
    close: async () => {
      health.close();
      metrics?.stop();
      await warmer?.stop();
      transport.close();
      await features.close();
      await data.close();
    },
  };
};

export type Application = Awaited<ReturnType<typeof compose>>;
export type AppRouter = Application['appRouter'];
export { WAKEUP_CHANNEL } from './compose/data.ts';
export type { WebhookMessages } from './features/webhooks/index.ts';
