import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Trace, Tracer } from '../../kernel/tracing.ts';

const HEALTH = /^\/(livez|readyz|health)\b/;
const TRPC = '/trpc';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Says which route serves it. */
export const nameRoute = (trace: Trace, method: string, route: string): void => {
  trace.rename(`${method} ${route}`);
  trace.tell({ 'http.route': route });
};

/**
 * Begins to record a request; null for most, and for health checks. Paths, queries, addresses and user agents are left out:
 * they can say who asks, and for what. Routes and procedures are told by those who serve them.
 */
export const traceRequest = (
  tracer: Tracer,
  { method = '', url = '', headers }: IncomingMessage,
  requestId: string,
): Trace | null => {
  if (HEALTH.test(url)) return null;
  const { traceparent } = headers;
  const shown = METHODS.has(method) ? method : '_OTHER';
  const trace = tracer.arrive(
    { name: shown, kind: 'server' },
    typeof traceparent === 'string' ? traceparent : undefined,
  );
  if (!trace) return null;
  trace.tell({ 'http.request.method': shown, 'url.scheme': 'http', 'innkeeper.request.id': requestId });
  if (url.startsWith(`${TRPC}/`)) nameRoute(trace, shown, TRPC);
  return trace;
};

export const endRequest = (trace: Trace, { statusCode, writableFinished }: ServerResponse): void => {
  trace.tell({ 'http.response.status_code': statusCode });
  if (!writableFinished) trace.tell({ 'innkeeper.aborted': true });
  trace.end(statusCode >= 500 ? { type: String(statusCode) } : undefined);
};
