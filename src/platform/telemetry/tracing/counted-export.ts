import { ExportResultCode } from '@opentelemetry/core';
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';

/** Who is told of spans that do not arrive. */
export interface ExportListener {
  onSpansDropped(count: number): void;
  /** A batch could not be sent. */
  onExportFailed(): void;
}

/** Spans that wait or are being sent at most; those beyond are dropped. */
export const MOST_PENDING = 4_096;
const BATCH = 512;
const PAUSE_MS = 1_000;
/** For all tries to send a batch. Stopping waits no longer for the last ones. */
export const EXPORT_TIMEOUT_MS = 2_000;

/** Sends spans in batches, one at a time, and tells what is lost: beyond `MOST_PENDING`, and with batches that could not be sent. */
export const countedExport = (exporter: SpanExporter, listener: ExportListener): SpanProcessor => {
  let pending = 0;
  const counted: SpanExporter = {
    export(spans, done) {
      exporter.export(spans, (result) => {
        pending -= spans.length;
        if (result.code !== ExportResultCode.SUCCESS) {
          listener.onExportFailed();
          listener.onSpansDropped(spans.length);
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
  const batches = new BatchSpanProcessor({
    exporter: counted,
    maxQueueSize: MOST_PENDING,
    maxExportBatchSize: BATCH,
    scheduledDelayMillis: PAUSE_MS,
    // The exporter has its own, and says what became of the batch.
    exportTimeoutMillis: 4 * EXPORT_TIMEOUT_MS,
  });
  return {
    onStart: () => {},
    onEnd(span) {
      if (pending >= MOST_PENDING) {
        listener.onSpansDropped(1);
        return;
      }
      pending += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
};
