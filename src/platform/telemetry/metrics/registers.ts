import { type OpenMetricsContentType, Registry } from 'prom-client';

/** Where metrics are registered. */
export type Registers = Registry<OpenMetricsContentType>[];

/** One format, OpenMetrics: the library spoils the names of counters when it is asked for both. */
export const openRegistry = (): Registry<OpenMetricsContentType> => {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
};
