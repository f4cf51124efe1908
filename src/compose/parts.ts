import type { Clock } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Tracer } from '../kernel/tracing.ts';
import type { Listeners } from '../platform/telemetry/listeners.ts';

/** What every part is given besides the configuration. */
export interface Parts {
  clock: Clock;
  ids: Ids;
  listeners: Listeners;
  /** Records requests, and what they cause. */
  tracer: Tracer;
}

/** Rings once, unless the answered function is called before. */
export const startTimer = (ms: number, ring: () => void): (() => void) => {
  const timer = setTimeout(ring, ms);
  return () => clearTimeout(timer);
};
