import type { Config } from '../config.ts';
import { type Performance, performanceEndpoints } from '../features/performance/index.ts';
import type { LogThresholds } from '../platform/telemetry/log-thresholds.ts';
import type { Metrics } from '../platform/telemetry/metrics/index.ts';
import { createAdminApp } from '../transport/admin/app.ts';
import { logLevelEndpoints } from '../transport/admin/log-level-endpoints.ts';
import { noBrowsers } from '../transport/admin/no-browsers.ts';
import { performanceRoutes } from '../transport/admin/performance-routes.ts';
import { profilingRoutes } from '../transport/admin/profiling-routes.ts';
import type { Readiness } from '../transport/http/health.ts';
import type { Data } from './data.ts';
import { composeHealth, type HealthSources } from './health.ts';
import type { Parts } from './parts.ts';

export interface AdminParts extends HealthSources {
  readiness: Readiness;
  metrics: Metrics | null;
  performance: Performance;
  /** Null where nothing is logged by module. */
  logLevels: LogThresholds | null;
}

const OPERATOR = 'admin port';

/** What operators and their tools reach. */
export const composeAdmin = (config: Config, data: Data, { listeners }: Parts, parts: AdminParts) => {
  const { readiness, metrics, performance, logLevels } = parts;
  const host = config.PROCESS_NAME;
  const onOperation = (operation: string) => listeners.onOperation(operation, OPERATOR);
  const health = composeHealth(config, data, parts);
  const scraped = metrics && { contentType: metrics.contentType, text: metrics.text };
  return {
    adminApp: createAdminApp({
      readiness,
      metrics: scraped,
      routes: [
        noBrowsers,
        health.routes,
        performanceRoutes(performanceEndpoints(performance)),
        ...(logLevels ? [performanceRoutes(logLevelEndpoints(host, logLevels, onOperation))] : []),
        profilingRoutes({ enabled: config.PROFILING, host, onOperation }),
      ],
    }),
    health,
  };
};
