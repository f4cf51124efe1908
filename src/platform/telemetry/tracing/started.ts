import type { Tracer } from '../../../kernel/tracing.ts';
import type { ExportListener } from './counted-export.ts';

/** The process' tracing, once it was started. */
export interface Tracing {
  tracer: Tracer;
  /** From now on this one is told of spans that do not arrive. */
  tell(listener: ExportListener): void;
  /** Sends what waits, within two seconds; what takes longer is lost. */
  stop(): Promise<void>;
}

let tracing: Tracing | null = null;

export const keepTracing = (started: Tracing): void => {
  tracing = started;
};

/** Null in a process that records nothing, which has loaded nothing of the SDK. */
export const startedTracing = (): Tracing | null => tracing;
