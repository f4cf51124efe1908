import manifest from '../../package.json' with { type: 'json' };
import { type Application, compose } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import { createStatementPlans } from '../platform/db/statement-plans.ts';
import { type Listeners, logListeners } from '../platform/telemetry/listeners.ts';
import type { LogThresholds } from '../platform/telemetry/log-thresholds.ts';
import type { Log } from '../platform/telemetry/logs.ts';
import { createMetrics } from '../platform/telemetry/metrics/index.ts';
import { startedTracing } from '../platform/telemetry/tracing/started.ts';

export interface Watched {
  clock: Clock;
  log: Log;
  logLevels: LogThresholds;
  /** Statements that come before are not told of: what prepares the database may be slow. */
  isServing: () => boolean;
}

/** The application of a process that runs until it is stopped: it writes to the log and measures itself. */
export const openApplication = async (
  config: Config,
  { clock, log, logLevels, isServing }: Watched,
): Promise<Application> => {
  const written = logListeners(log, {
    slowRequestMs: config.SLOW_REQUEST_MS,
    slowQueryMs: config.SLOW_QUERY_MS,
    plan: async (text) => planStatement(text),
  });
  const onStatement: Listeners['onStatement'] = (...statement) => isServing() && written.onStatement(...statement);
  const tracing = startedTracing();
  const application = await compose(config, {
    clock,
    listeners: { ...written, onStatement },
    logLevels,
    ...(tracing && { tracer: tracing.tracer }),
    openMetrics: (readings) => createMetrics(readings, manifest),
  });
  const planStatement = createStatementPlans(application.sources);
  tracing?.tell(application.listeners);
  return application;
};
