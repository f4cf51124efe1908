import type { CacheStats } from '../../platform/cache/index.ts';
import type { MissingIndex } from '../../platform/db/analysis/missing-indexes.ts';
import type { ProcedureSample } from '../../platform/telemetry/procedure-samples.ts';
import type { DatabaseCounts, PoolReading, ReplicaReading, WorkReading } from '../../platform/telemetry/readings.ts';
import type { StatementKind } from '../../platform/telemetry/statement-table.ts';
import { type AlertFigures, type AlertSources, askForAlerts } from './alerts.ts';
import { type Cleared, type ClearInput, clearingName } from './cache-clearing.ts';
import { type CacheFigures, cacheFiguresOf } from './cache-figures.ts';
import { type Collected, createGarbageCollection } from './collect-garbage.ts';
import { type MainFigures, mainFiguresOf } from './figures/main-figures.ts';
import { metricSet } from './figures/metric-set.ts';
import { type MetricSample, parseMetrics } from './figures/parse-metrics.ts';
import { byProcedure, type MemoryFigures } from './memory-figures.ts';
import { type QueryFigures, queryFiguresOf } from './query-figures.ts';
import type { AsyncFigures, MetricFigures, PoolFigures, StatusFigures } from './status-figures.ts';

export interface PerformanceDeps {
  /** Names this process. */
  host: string;
  version: string;
  /** Why the process should get no traffic now. */
  readiness: () => Promise<readonly string[]>;
  /** The text that is scraped; null where nothing is measured. */
  metricsText: () => Promise<string | null>;
  pools: () => PoolReading[];
  replicas: () => ReplicaReading[];
  work: () => WorkReading[];
  /** Null where nothing is kept. */
  cacheStats: () => CacheStats | null;
  /** Drops what is kept: a tag's of one tenant, or of all where it is null. */
  clear: (what: ClearInput, tenant: string | null) => Promise<Omit<Cleared, 'host'>>;
  statements: () => StatementKind[];
  suggestIndexes: (own: readonly { text: string }[]) => Promise<MissingIndex[] | null>;
  samples: () => ProcedureSample[];
  /** Null where the database does not answer. */
  counts: () => Promise<DatabaseCounts | null>;
  alerts: AlertSources;
  /** Milliseconds that only go forwards. */
  nowMs: () => number;
  onOperation: (operation: string, by: string) => void;
}

/** Who does something to the process: one tenant's principal, or whoever reaches the admin port. */
export interface Operator {
  name: string;
  tenant: string | null;
}

export type Performance = ReturnType<typeof createPerformance>;

/** How this process does, and the few things that can be done to it; nothing of any tenant. */
export const createPerformance = (deps: PerformanceDeps) => {
  const { host } = deps;
  const collectGarbage = createGarbageCollection(host, deps.nowMs);
  const uptimeSeconds = () => performance.now() / 1_000;
  const samples = async (): Promise<MetricSample[] | null> => {
    const text = await deps.metricsText();
    return text === null ? null : parseMetrics(text);
  };
  const figures = async (): Promise<MainFigures | null> => {
    const read = await samples();
    return read && mainFiguresOf(read, uptimeSeconds());
  };

  return {
    async status(): Promise<StatusFigures> {
      const [reasons, main] = await Promise.all([deps.readiness(), figures()]);
      return {
        ...{ host, version: deps.version, nodeVersion: process.versions.node, uptimeSeconds: uptimeSeconds() },
        startedAt: new Date(performance.timeOrigin).toISOString(),
        ...{ ready: reasons.length === 0, reasons: [...reasons] },
        ...{ eventLoop: main?.eventLoop ?? null, work: deps.work() },
      };
    },
    metrics: async (): Promise<MetricFigures> => ({ host, figures: await figures() }),
    prometheus: async () => ({ host, text: await deps.metricsText() }),
    alerts: (): Promise<AlertFigures> => askForAlerts(host, deps.alerts),
    async databasePool(): Promise<PoolFigures> {
      const read = await samples();
      const acquired = read && metricSet(read).quantile('innkeeper_pool_acquire_duration_seconds', 0.95);
      return {
        host,
        pools: deps.pools().map(({ pool, used, idle, waiting, limit }) => ({ pool, used, idle, waiting, most: limit })),
        acquireP95Ms: acquired && acquired * 1_000,
        primary: read && metricSet(read).value('innkeeper_primary_up') !== 0,
        replicas: deps.replicas().map(({ ejected, ...replica }) => ({ ...replica, ejected: ejected !== null })),
      };
    },
    cache: (): CacheFigures => cacheFiguresOf(host, deps.cacheStats()),
    async memory(): Promise<MemoryFigures> {
      const main = await figures();
      return { host, memory: main?.memory ?? null, gc: main?.gc ?? [], byProcedure: byProcedure(deps.samples()) };
    },
    async queries(): Promise<QueryFigures> {
      const kinds = deps.statements();
      const costliest = kinds.toSorted((a, b) => b.totalMs - a.totalMs);
      return queryFiguresOf(host, kinds, await deps.suggestIndexes(costliest));
    },
    async async(): Promise<AsyncFigures> {
      const [counted, main] = await Promise.all([deps.counts(), figures()]);
      return {
        host,
        counted: counted && {
          jobs: { count: counted.jobsWaiting, oldestSeconds: counted.oldestJobSeconds },
          outbox: { count: counted.outboxPending, oldestSeconds: counted.oldestEventSeconds },
          deliveries: { count: counted.deliveriesDue, oldestSeconds: counted.oldestDeliverySeconds },
          endpointsFailing: counted.endpointsFailing,
          holdsExpired: { count: counted.holdsExpired, oldestSeconds: counted.oldestExpiredHoldSeconds },
          databaseBytes: counted.databaseBytes,
        },
        ...{ eventLoop: main?.eventLoop ?? null, work: deps.work() },
      };
    },
    async clearCache(what: ClearInput, by: Operator): Promise<Cleared> {
      deps.onOperation(clearingName(what), by.name);
      return { host, ...(await deps.clear(what, by.tenant)) };
    },
    /** Once a minute; sooner throws `GARBAGE_COLLECTED_LATELY`. */
    collectGarbage(by: Operator): Collected {
      return collectGarbage(() => deps.onOperation('collect garbage', by.name));
    },
  };
};
