import { z } from 'zod';
import { bytes, count, figure, milliseconds, share } from '../shapes.ts';
import { type MetricSet, metricSet } from './metric-set.ts';
import type { MetricSample } from './parse-metrics.ts';

const latency = { p50Ms: milliseconds.nullable(), p95Ms: milliseconds.nullable(), p99Ms: milliseconds.nullable() };
const calls = { calls: count, perSecond: figure, failedShare: share, ...latency };

export const mainFigures = z
  .strictObject({
    seconds: figure.meta({ description: 'The time that totals and rates are of: since the process began.' }),
    requests: z.strictObject({ ...calls, shed: count, limited: count }),
    procedures: z.array(z.strictObject({ procedure: z.string(), ...calls })),
    work: z.array(z.strictObject({ kind: z.string(), running: count, waiting: count, most: count })),
    pools: z.array(z.strictObject({ pool: z.string(), used: count, idle: count, waiting: count, most: count })),
    statements: z.strictObject({ perSecond: figure, p95Ms: milliseconds.nullable() }),
    primary: z.boolean().meta({ description: 'Whether the primary answers.' }),
    replicas: z.array(
      z.strictObject({
        server: z.string(),
        lagMs: milliseconds.nullable(),
        lagBytes: bytes.nullable(),
        ejected: z.boolean(),
      }),
    ),
    cache: z.strictObject({
      tiers: z.array(z.strictObject({ tier: z.string(), asked: count, hits: count, stale: count })),
      bytes,
      mostBytes: bytes,
      redis: z.boolean().nullable().meta({ description: 'Whether Redis answers; null where none is used.' }),
    }),
    eventLoop: z.strictObject({ utilization: share, lagP99Ms: milliseconds, lagMaxMs: milliseconds }),
    memory: z.strictObject({
      rssBytes: bytes,
      heapUsedBytes: bytes,
      heapTotalBytes: bytes,
      heapLimitBytes: bytes,
      heapAliveBytes: bytes,
      limitBytes: bytes.nullable().meta({ description: 'Of the container; null without a limit.' }),
      usedBytes: bytes.nullable(),
    }),
    cpuCores: figure.meta({ description: 'Processors that were busy with it on average.' }),
    gc: z.array(z.strictObject({ kind: z.string(), collections: count, seconds: figure })),
  })
  .meta({ id: 'MainFigures' });
export type MainFigures = z.infer<typeof mainFigures>;

const DURATION = 'innkeeper_request_duration_seconds';
const MOST_PROCEDURES = 20;

const inMs = (seconds: number | null): number | null => seconds && seconds * 1_000;

const latencyOf = (set: MetricSet, labels: Record<string, string> = {}) => ({
  p50Ms: inMs(set.quantile(DURATION, 0.5, labels)),
  p95Ms: inMs(set.quantile(DURATION, 0.95, labels)),
  p99Ms: inMs(set.quantile(DURATION, 0.99, labels)),
});

const callsOf = (set: MetricSet, seconds: number, labels: Record<string, string> = {}) => {
  const total = set.total(`${DURATION}_count`, labels);
  const failed = set.total(`${DURATION}_count`, { ...labels, outcome: 'error' });
  return {
    calls: total,
    perSecond: total / seconds,
    failedShare: total ? failed / total : 0,
    ...latencyOf(set, labels),
  };
};

const byLabel = <T>(set: MetricSet, name: string, label: string, of: (value: string) => T): T[] =>
  set.labelsOf(name, label).map(of);

const cacheOf = (set: MetricSet) => {
  const name = 'innkeeper_cache_requests_total';
  return {
    tiers: byLabel(set, name, 'tier', (tier) => ({
      tier,
      asked: set.total(name, { tier }),
      hits: set.total(name, { tier, outcome: 'hit' }),
      stale: set.total(name, { tier, outcome: 'stale' }),
    })),
    bytes: set
      .labelsOf('innkeeper_cache_bytes', 'type')
      .reduce((sum, type) => sum + (set.value('innkeeper_cache_bytes', { type }) ?? 0), 0),
    mostBytes: set.value('innkeeper_cache_bytes_limit') ?? 0,
    redis: set.value('innkeeper_redis_up') === null ? null : set.value('innkeeper_redis_up') === 1,
  };
};

const memoryOf = (set: MetricSet) => {
  const heap = (state: string) => set.value('innkeeper_heap_bytes', { state }) ?? 0;
  return {
    rssBytes: set.value('process_resident_memory_bytes') ?? 0,
    heapUsedBytes: heap('used'),
    heapTotalBytes: heap('total'),
    heapLimitBytes: heap('limit'),
    heapAliveBytes: set.value('innkeeper_heap_alive_bytes') ?? 0,
    limitBytes: set.value('innkeeper_memory_limit_bytes'),
    usedBytes: set.value('innkeeper_memory_used_bytes'),
  };
};

/** The main figures of a scrape, `seconds` after an earlier one or, without that, after the process began. */
export const mainFiguresOf = (
  samples: readonly MetricSample[],
  seconds: number,
  earlier: readonly MetricSample[] = [],
): MainFigures => {
  const set = metricSet(samples, earlier);
  const of = (name: string, labels: Record<string, string> = {}) => set.value(name, labels) ?? 0;
  const gc = 'innkeeper_gc_duration_seconds';
  return {
    seconds,
    requests: {
      ...callsOf(set, seconds),
      shed: set.total('innkeeper_requests_shed_total'),
      limited: set.total('innkeeper_requests_limited_total'),
    },
    procedures: byLabel(set, `${DURATION}_count`, 'procedure', (procedure) => ({
      procedure,
      ...callsOf(set, seconds, { procedure }),
    }))
      .filter((one) => one.calls > 0)
      .toSorted((a, b) => b.calls - a.calls)
      .slice(0, MOST_PROCEDURES),
    work: byLabel(set, 'innkeeper_requests_in_flight', 'kind', (kind) => ({
      kind,
      running: of('innkeeper_requests_in_flight', { kind }),
      waiting: of('innkeeper_requests_waiting', { kind }),
      most: of('innkeeper_requests_in_flight_limit', { kind }),
    })),
    pools: byLabel(set, 'innkeeper_pool_size_limit', 'pool', (pool) => ({
      pool,
      used: of('innkeeper_pool_used_connections', { pool }),
      idle: of('innkeeper_pool_idle_connections', { pool }),
      waiting: of('innkeeper_pool_waiting', { pool }),
      most: of('innkeeper_pool_size_limit', { pool }),
    })),
    statements: {
      perSecond: set.total('innkeeper_statement_duration_seconds_count') / seconds,
      p95Ms: inMs(set.quantile('innkeeper_statement_duration_seconds', 0.95)),
    },
    primary: set.value('innkeeper_primary_up') !== 0,
    replicas: byLabel(set, 'innkeeper_replica_ejected', 'server', (server) => ({
      server,
      lagMs: inMs(set.value('innkeeper_replica_lag_seconds', { server })),
      lagBytes: set.value('innkeeper_replica_lag_bytes', { server }),
      ejected: of('innkeeper_replica_ejected', { server }) === 1,
    })),
    cache: cacheOf(set),
    eventLoop: {
      utilization: of('innkeeper_event_loop_utilization_ratio'),
      lagP99Ms: of('innkeeper_event_loop_lag_seconds', { quantile: '0.99' }) * 1_000,
      lagMaxMs: of('innkeeper_event_loop_lag_seconds', { quantile: '1' }) * 1_000,
    },
    memory: memoryOf(set),
    cpuCores: set.total('process_cpu_seconds_total') / seconds,
    gc: byLabel(set, `${gc}_count`, 'kind', (kind) => ({
      kind,
      collections: set.total(`${gc}_count`, { kind }),
      seconds: set.total(`${gc}_sum`, { kind }),
    })),
  };
};
