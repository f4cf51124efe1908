import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { createTracer } from '../../src/platform/telemetry/tracing/otel-tracer.ts';

/** A tracer that records the given part of what arrives, and the spans that have ended. */
export const recordSpans = (rate: number, fraction: () => number = Math.random) => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  return { tracer: createTracer(provider.getTracer('test'), rate, fraction), spans: () => exporter.getFinishedSpans() };
};
