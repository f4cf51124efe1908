import type { Trace } from '../../kernel/tracing.ts';
import type { FinishedCall } from '../../platform/telemetry/listeners.ts';

/** How a call ended; `fault` is an error of ours, to be recorded here and nowhere else. */
export interface EndedCall extends Pick<FinishedCall, 'code' | 'cache'> {
  fault?: unknown;
}

/** Begins to record a call of a procedure, as a part of its request. */
export const beginCall = (
  request: Trace,
  procedure: string,
  kind: FinishedCall['kind'],
  startedAt: number,
): { trace: Trace; end(ended: EndedCall): void } => {
  const facts = { 'rpc.system.name': 'trpc', 'rpc.method': procedure, 'innkeeper.call.kind': kind };
  const trace = request.begin({ name: procedure, kind: 'internal', startedAt, facts });
  return {
    trace,
    end({ code, cache, fault }) {
      trace.tell({ 'innkeeper.cache.outcome': cache, 'rpc.response.status_code': code });
      trace.end(fault === undefined ? undefined : { type: code, error: fault });
    },
  };
};
