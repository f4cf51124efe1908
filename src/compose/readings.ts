import type { Config } from '../config.ts';
import type { CacheStats } from '../platform/cache/index.ts';
import type { Readings } from '../platform/telemetry/metrics/index.ts';
import type { CacheReading } from '../platform/telemetry/readings.ts';
import type { WorkLimits } from '../transport/limits/work-limits.ts';
import type { Background } from './background.ts';
import type { Data } from './data.ts';
import type { Features } from './features.ts';

const cacheReading = ({ types, memory }: CacheStats): CacheReading => ({
  limitBytes: memory.mostBytes,
  types: Object.entries(types).flatMap(([type, { hit, fromMemory, miss, stale, memory: held, shared }]) => [
    {
      ...{ tier: 'memory', type, hits: fromMemory, stale, misses: hit - fromMemory + miss },
      ...{ evictions: held.evicted, bytes: held.bytes },
    },
    ...(shared
      ? [
          {
            ...{ tier: 'redis', type, hits: shared.hit, stale: 0, misses: shared.miss + shared.refused },
            ...{ evictions: 0, bytes: 0 },
          },
        ]
      : []),
  ]),
});

export interface Read {
  data: Data;
  features: Features;
  work: WorkLimits;
  background: Background;
}

/** What the metrics read of an application, which may be composed after them. */
export const readingsOf = (config: Config, read: () => Read): Readings => ({
  pools() {
    const { data, background } = read();
    const jobs = background.jobsPool();
    return [...data.database.standing().pools, ...(jobs ? [jobs] : [])];
  },
  replicas: () => read().data.database.standing().replicas,
  work: () =>
    Object.entries(read().work).map(([kind, { running, waiting, most }]) => ({ kind, running, waiting, most })),
  cache() {
    const { cache } = read().features;
    return cache && cacheReading(cache.stats());
  },
  index: () => read().features.indexes?.standing() ?? null,
  counts: () => read().background.counts(),
  usesRedis: config.REDIS_URL !== undefined,
});
