import type { Config } from '../config.ts';
import { keepCounts, readCounts } from '../features/monitoring/index.ts';
import { systemClock } from '../kernel/clock.ts';
import type { DatabaseCounts, PoolReading } from '../platform/telemetry/readings.ts';
import type { Data } from './data.ts';
import type { Parts } from './parts.ts';

export interface Begun {
  /** How the queue's pool stands. */
  pool: () => Omit<PoolReading, 'pool'>;
  /** Whether this process does background work; then it also counts for all. */
  works: boolean;
}

/** What a process' background work tells of itself while it goes on. */
export const composeBackground = (
  config: Config,
  { database }: Data,
  { clock, listeners }: Parts,
  consumers: readonly string[],
) => {
  let begun: Begun | null = null;
  let kept: ReturnType<typeof keepCounts> | null = null;
  return {
    began(what: Begun) {
      begun = what;
      if (!what.works) return;
      kept = keepCounts({
        read: () => readCounts({ database, clock, machineClock: systemClock, consumers }),
        everyMs: config.COUNT_INTERVAL_MS,
        nowMs: () => performance.now(),
        onFault: (error) => listeners.onJobFault('count', error),
      });
    },
    ended() {
      kept?.stop();
      begun = kept = null;
    },
    jobsPool: (): PoolReading | null => begun && { pool: 'jobs', ...begun.pool() },
    counts: (): DatabaseCounts | null => kept?.latest() ?? null,
  };
};

export type Background = ReturnType<typeof composeBackground>;
