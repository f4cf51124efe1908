type Environment = Record<string, string | undefined>;

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

const isWanted = (environment: Environment): boolean =>
  ENDPOINTS.some((name) => environment[name]) &&
  environment.OTEL_SDK_DISABLED?.toLowerCase() !== 'true' &&
  environment.OTEL_TRACES_EXPORTER !== 'none';

/**
 * Starts tracing where an OTLP endpoint is set, else loads nothing of it. To be called before the application is loaded, so that
 * libraries can be instrumented while they load.
 */
export const preload = async (environment: Environment): Promise<void> => {
  if (!isWanted(environment)) return;
  const { startTracing } = await import('./tracing/sdk.ts');
  startTracing(environment);
};
