import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';

const SHAPE = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/;
const MOST = 256;

/** The place in a trace that a W3C traceparent names, to be gone on with; its flags count for nothing. Null for other text. */
export const contextOf = (traceParent: string | null | undefined): SpanContext | null => {
  if (!traceParent || traceParent.length > MOST) return null;
  const [, traceId = '', spanId = ''] = SHAPE.exec(traceParent) ?? [];
  const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(context) ? context : null;
};

export const traceParentOf = ({ traceId, spanId }: SpanContext): string => `00-${traceId}-${spanId}-01`;
