import { type Listeners, silentListeners } from '../listeners.ts';
import type { DatabaseCounts, WorkReading } from '../readings.ts';
import { backgroundMetrics } from './background.ts';
import { cacheMetrics, type KeptReadings } from './cache.ts';
import { containerMetrics } from './container.ts';
import { countMetrics } from './counts.ts';
import { type DatabaseReadings, databaseMetrics } from './database.ts';
import { openRegistry } from './registers.ts';
import { requestMetrics } from './requests.ts';
import { runtimeMetrics } from './runtime.ts';
import { salesMetrics } from './sales.ts';
import { tracingMetrics } from './tracing.ts';
import { workMetrics } from './work.ts';

/** What stands in other parts and is read when metrics are asked for. */
export interface Readings extends DatabaseReadings, KeptReadings {
  work: () => WorkReading[];
  /** Null in processes that count nothing for the others, and while nothing true is known. */
  counts: () => DatabaseCounts | null;
}

/** The refusal of nights that are sold out or closed. */
const SOLD_OUT = 'NOT_AVAILABLE';

export type Metrics = ReturnType<typeof createMetrics>;

/** All metrics of the process, told by its listeners and read from its readings. Labels never come from users. */
export const createMetrics = (readings: Readings, { version }: { version: string }) => {
  const registry = openRegistry();
  const registers = [registry];
  const runtime = runtimeMetrics(registers, { version });
  containerMetrics(registers);
  const countCall = requestMetrics(registers);
  const { onSoldOut, ...sales } = salesMetrics(registers);
  countMetrics(registers, readings.counts);
  const listeners: Listeners = {
    ...silentListeners,
    ...workMetrics(registers, readings.work),
    ...databaseMetrics(registers, readings),
    ...cacheMetrics(registers, readings),
    ...backgroundMetrics(registers),
    ...tracingMetrics(registers),
    ...sales,
    onCall(call) {
      countCall(call);
      if (call.code === SOLD_OUT) onSoldOut();
    },
  };
  return {
    contentType: registry.contentType,
    /** The text that is scraped. */
    text: () => registry.metrics(),
    listeners,
    stop: runtime.stop,
  };
};
