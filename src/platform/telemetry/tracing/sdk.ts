import { setTimeout as delay } from 'node:timers/promises';
import { trace as spans } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import {
  defaultResource,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOnSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import manifest from '../../../../package.json' with { type: 'json' };
import { randomIds } from '../../../kernel/ids.ts';
import { countedExport, EXPORT_TIMEOUT_MS, type ExportListener } from './counted-export.ts';
import { createTracer } from './otel-tracer.ts';
import { samplingRate } from './sampling.ts';
import { keepTracing } from './started.ts';

const STOP_MS = 2_000;

/** Addresses of receivers can hold secrets beyond the host. */
const requests = new UndiciInstrumentation({
  requireParentforSpans: true,
  startSpanHook: ({ origin }) => ({ 'url.full': origin, 'url.path': '', 'url.query': '' }),
});

/**
 * Starts the SDK, which reads its `OTEL_*` by itself: traces only, with our own spans and those of outgoing requests. Who is
 * recorded is decided where a request arrives; all else goes by its parent.
 */
export const startTracing = (environment: Record<string, string | undefined>): void => {
  let listener: ExportListener = { onSpansDropped: () => {}, onExportFailed: () => {} };
  const exporter = new OTLPTraceExporter({ timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = countedExport(exporter, {
    onSpansDropped: (count) => listener.onSpansDropped(count),
    onExportFailed: () => listener.onExportFailed(),
  });
  const about = { 'service.name': manifest.name, 'service.version': manifest.version };
  const sdk = new NodeSDK({
    spanProcessors: [processor],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [requests],
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    textMapPropagator: new W3CTraceContextPropagator(),
    resource: defaultResource().merge(resourceFromAttributes(about)),
    resourceDetectors: [serviceInstanceIdDetector, envDetector],
  });
  sdk.start();
  keepTracing({
    tracer: createTracer(
      spans.getTracer(manifest.name, manifest.version),
      samplingRate(environment),
      randomIds.fraction,
    ),
    tell(to) {
      listener = to;
    },
    stop: async () => {
      const late = new AbortController();
      await Promise.race([
        sdk.shutdown().catch(() => {}),
        delay(STOP_MS, undefined, { signal: late.signal }).catch(() => {}),
      ]);
      late.abort();
    },
  });
};
