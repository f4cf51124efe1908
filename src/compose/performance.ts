import { setTimeout as delay } from 'node:timers/promises';
import manifest from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import { readCounts } from '../features/monitoring/index.ts';
import { createPerformance, type PerformanceDeps } from '../features/performance/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { createIndexSuggestions } from '../platform/db/analysis/suggest-indexes.ts';
import type { Metrics, Readings } from '../platform/telemetry/metrics/index.ts';
import { createProcedureSamples } from '../platform/telemetry/procedure-samples.ts';
import type { DatabaseCounts } from '../platform/telemetry/readings.ts';
import { createStatementTable } from '../platform/telemetry/statement-table.ts';
import type { Background } from './background.ts';
import type { Data } from './data.ts';
import type { Features } from './features.ts';
import type { Parts } from './parts.ts';

const ALERTS_TIMEOUT_MS = 1_000;
const COUNTS_TIMEOUT_MS = 2_000;
const COUNTS_FRESH_MS = 10_000;

const nowMs = () => performance.now();

/** What looks at statements and calls as they pass. */
export const openProcessWatch = () => ({ statements: createStatementTable(), samples: createProcedureSamples() });
export type ProcessWatch = ReturnType<typeof openProcessWatch>;

export interface Watching {
  metrics: Metrics | null;
  watch: ProcessWatch | null;
  readings: Readings;
  /** What is composed after the performance API. */
  read: () => { features: Features; background: Background; readiness: PerformanceDeps['readiness'] };
}

/** What the database counts for all: as this process knows it, else asked for, every ten seconds at most. */
const composeCounts = ({ database }: Data, { clock }: Parts, read: Watching['read']) => {
  let latest: Promise<DatabaseCounts | null> | undefined;
  let askedAt = 0;
  const ask = (): Promise<DatabaseCounts | null> => {
    const { consumers } = read().features;
    const counted = readCounts({ database, clock, machineClock: systemClock, consumers }).catch(() => null);
    return Promise.race([counted, delay(COUNTS_TIMEOUT_MS, null, { ref: false })]);
  };
  return async (): Promise<DatabaseCounts | null> => {
    const kept = read().background.counts();
    if (kept) return kept;
    if (!latest || nowMs() - askedAt > COUNTS_FRESH_MS) {
      askedAt = nowMs();
      latest = ask();
    }
    return latest;
  };
};

/** The performance API, of parts that may be composed after it. */
export const composePerformance = (
  config: Config,
  data: Data,
  parts: Parts,
  { metrics, watch, readings, read }: Watching,
) =>
  createPerformance({
    host: config.PROCESS_NAME,
    version: manifest.version,
    readiness: () => read().readiness(),
    metricsText: async () => (metrics ? metrics.text() : null),
    pools: readings.pools,
    replicas: readings.replicas,
    work: readings.work,
    cacheStats: () => read().features.cache?.stats() ?? null,
    clear: (what, tenant) => read().features.clearCache(what, tenant),
    statements: () => watch?.statements.kinds() ?? [],
    suggestIndexes: createIndexSuggestions(data.sources, nowMs),
    samples: () => watch?.samples.all() ?? [],
    counts: composeCounts(data, parts, read),
    alerts: {
      prometheus: config.PROMETHEUS_URL,
      alertmanager: config.ALERTMANAGER_URL,
      timeoutMs: ALERTS_TIMEOUT_MS,
    },
    nowMs,
    onOperation: parts.listeners.onOperation,
  });
