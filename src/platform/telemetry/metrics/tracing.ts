import { Counter } from 'prom-client';
import type { Registers } from './registers.ts';

/** What of the traces does not arrive. */
export const tracingMetrics = (registers: Registers) => {
  const dropped = new Counter({
    name: 'innkeeper_trace_spans_dropped_total',
    help: 'Spans that were lost, since too many waited or the collector did not take them.',
    registers,
  });
  const failed = new Counter({
    name: 'innkeeper_trace_exports_failed_total',
    help: 'Batches of spans that the collector did not take.',
    registers,
  });
  return {
    onSpansDropped: (count: number) => dropped.inc(count),
    onExportFailed: () => failed.inc(),
  };
};
