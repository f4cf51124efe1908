import {
  type Context,
  context,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace as spans,
} from '@opentelemetry/api';
import type { Trace, TracedFailure, TracedPiece, Tracer } from '../../../kernel/tracing.ts';
import { errorFields } from '../error-fields.ts';
import { maskSql } from '../sql-mask.ts';
import { contextOf, traceParentOf } from './trace-parent.ts';

const KINDS: Record<TracedPiece['kind'], SpanKind> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

const STATEMENT = 'db.query.text';

const recordError = (span: Span, error: unknown): void => {
  const { type, message, stack, code, cause } = errorFields(error);
  span.addEvent('exception', {
    'exception.type': code ?? type,
    'exception.message': cause ? `${message} (${cause.code ?? cause.type}: ${cause.message})` : message,
    ...(stack && { 'exception.stacktrace': stack }),
  });
};

/** Spans for what the other parts tell of. Statements lose their literals here, whoever tells of them. */
export const createTracer = (tracer: OtelTracer, rate: number, fraction: () => number): Tracer => {
  const begin = ({ name, kind, facts, startedAt }: TracedPiece, parent: Context): Trace => {
    const statement = facts?.[STATEMENT];
    const attributes = typeof statement === 'string' ? { ...facts, [STATEMENT]: maskSql(statement) } : facts;
    const startTime = startedAt ?? performance.now();
    const span = tracer.startSpan(name, { kind: KINDS[kind], startTime, ...(attributes && { attributes }) }, parent);
    const within = spans.setSpan(parent, span);
    return {
      id: span.spanContext().traceId,
      parent: traceParentOf(span.spanContext()),
      begin: (piece) => begin(piece, within),
      tell: (more) => void span.setAttributes(more),
      rename: (other) => void span.updateName(other),
      run: (work) => context.with(within, work),
      end(failure?: TracedFailure) {
        if (failure) {
          span.setAttribute('error.type', failure.type).setStatus({ code: SpanStatusCode.ERROR });
          if (failure.error !== undefined) recordError(span, failure.error);
        }
        span.end(performance.now());
      },
    };
  };
  const after = (traceParent: string | null | undefined): Context | null => {
    const place = contextOf(traceParent);
    return place && spans.setSpanContext(ROOT_CONTEXT, place);
  };
  return {
    arrive: (piece, traceParent) => (fraction() < rate ? begin(piece, after(traceParent) ?? ROOT_CONTEXT) : null),
    goOn(piece, traceParent) {
      const parent = after(traceParent);
      return parent && begin(piece, parent);
    },
  };
};
