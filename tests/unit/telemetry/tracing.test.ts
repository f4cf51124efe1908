import { SpanStatusCode } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countedExport, MOST_PENDING } from '../../../src/platform/telemetry/tracing/counted-export.ts';
import { samplingRate, USUAL_RATE } from '../../../src/platform/telemetry/tracing/sampling.ts';
import { contextOf } from '../../../src/platform/telemetry/tracing/trace-parent.ts';
import { recordSpans } from '../../support/recorded-spans.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const request = { name: 'GET', kind: 'server' } as const;

test('whether a request is recorded is decided by our rate, never by the flags that came with it; its trace is gone on with', () => {
  const never = recordSpans(0);
  expect(never.tracer.arrive(request, `00-${TRACE}-${PARENT}-01`)).toBeNull();
  const always = recordSpans(1);
  always.tracer.arrive(request, `00-${TRACE}-${PARENT}-00`)?.end();
  expect(always.spans()[0]?.spanContext().traceId).toBe(TRACE);
  expect(always.spans()[0]?.parentSpanContext?.spanId).toBe(PARENT);
  const lots = [0.05, 0.15, 0.0999];
  const some = recordSpans(0.1, () => lots.shift() ?? 1);
  const arrivals = [1, 2, 3].map(() => some.tracer.arrive(request, `00-${TRACE}-${PARENT}-01`) !== null);
  expect(arrivals).toEqual([true, false, true]);
});

test('what goes on with a trace of ours is recorded whatever the rate; what has none is not', () => {
  const { tracer, spans } = recordSpans(0);
  expect(tracer.goOn(request, null)).toBeNull();
  tracer.goOn(request, `00-${TRACE}-${PARENT}-01`)?.end();
  expect(spans().map((span) => span.spanContext().traceId)).toEqual([TRACE]);
});

test('only text that is a traceparent is taken for one', () => {
  fc.assert(fc.property(fc.string({ maxLength: 80 }), (text) => contextOf(text) === null));
  for (const text of [
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01-${'x'.repeat(300)}`,
  ]) {
    expect(contextOf(text)).toBeNull();
  }
  expect(contextOf(`01-${TRACE}-${PARENT}-01-more`)).toMatchObject({ traceId: TRACE, spanId: PARENT });
});

test('statements are recorded without their literals, and an error without the values it quotes', () => {
  const { tracer, spans } = recordSpans(1);
  const trace = tracer.arrive(request, undefined);
  trace?.begin({ name: 'S', kind: 'client', facts: { 'db.query.text': "select 'Ana Silva', 42 from guest" } }).end();
  trace?.end({ type: 'INTERNAL', error: Object.assign(new Error("no such guest as 'Ana Silva'"), { code: '22P02' }) });
  const [statement, whole] = spans();
  expect(statement?.attributes['db.query.text']).toBe('select ?, ? from guest');
  expect(whole?.status.code).toBe(SpanStatusCode.ERROR);
  expect(whole?.events).toHaveLength(1);
  expect(JSON.stringify(whole?.events[0]?.attributes)).not.toContain('Ana');
});

test('the rate is that of OTEL_TRACES_SAMPLER and its argument, a twentieth unless they say so', () => {
  const rateOf = (sampler?: string, arg?: string) =>
    samplingRate({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: arg });
  expect([rateOf(), rateOf('parentbased_traceidratio', '0.5'), rateOf(undefined, '1')]).toEqual([USUAL_RATE, 0.5, 1]);
  expect([rateOf('always_on'), rateOf('parentbased_always_off', '0.5')]).toEqual([1, 0]);
  expect(['', 'x', '-1', '2'].map((arg) => rateOf(undefined, arg))).toEqual(Array(4).fill(USUAL_RATE));
});

const spansOf = (count: number): ReadableSpan[] => {
  const { tracer, spans } = recordSpans(1);
  for (let made = 0; made < count; made++) tracer.arrive(request, undefined)?.end();
  return spans();
};

const openExport = (exporter: Pick<SpanExporter, 'export'>) => {
  const told = { dropped: 0, failed: 0 };
  const processor = countedExport(
    { shutdown: async () => {}, ...exporter },
    {
      onSpansDropped(count) {
        told.dropped += count;
      },
      onExportFailed() {
        told.failed += 1;
      },
    },
  );
  return { processor, told };
};

test('while the collector takes nothing, spans wait up to a bound; those beyond are dropped and counted', () => {
  const { processor, told } = openExport({ export: () => {} });
  for (const span of spansOf(MOST_PENDING + 50)) processor.onEnd(span);
  expect(told).toEqual({ dropped: 50, failed: 0 });
});

test('batches that the collector refuses are counted with their spans, and make room for others', async () => {
  const { processor, told } = openExport({
    export: (_spans, done) => done({ code: ExportResultCode.FAILED, error: new Error('away') }),
  });
  const spans = spansOf(600);
  for (const span of spans) processor.onEnd(span);
  await processor.forceFlush().catch(() => {});
  expect(told).toEqual({ dropped: 600, failed: 2 });
});
