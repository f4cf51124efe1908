import { Gauge } from 'prom-client';
import type { CacheReading, IndexReading } from '../readings.ts';
import { readCounter } from './read-counter.ts';
import type { Registers } from './registers.ts';

export interface KeptReadings {
  cache: () => CacheReading | null;
  index: () => IndexReading | null;
  usesRedis: boolean;
}

/** What is kept, by tier and type, and the index that searches go through. */
export const cacheMetrics = (registers: Registers, { cache, index, usesRedis }: KeptReadings) => {
  readCounter(
    registers,
    {
      name: 'innkeeper_cache_requests_total',
      help: 'Questions to a tier of the cache, by type of data and by what it had: hit, stale or miss.',
      labelNames: ['tier', 'type', 'outcome'],
    },
    (count) => {
      for (const { tier, type, hits, stale, misses } of cache()?.types ?? []) {
        count({ tier, type, outcome: 'hit' }, hits);
        count({ tier, type, outcome: 'stale' }, stale);
        count({ tier, type, outcome: 'miss' }, misses);
      }
    },
  );
  readCounter(
    registers,
    {
      name: 'innkeeper_cache_evictions_total',
      help: 'Answers that gave way to others before their time.',
      labelNames: ['tier', 'type'],
    },
    (count) => {
      for (const { tier, type, evictions } of cache()?.types ?? []) count({ tier, type }, evictions);
    },
  );
  new Gauge({
    name: 'innkeeper_cache_bytes',
    help: 'Bytes kept in the memory of this process.',
    labelNames: ['type'],
    registers,
    collect() {
      for (const { tier, type, bytes } of cache()?.types ?? []) if (tier === 'memory') this.set({ type }, bytes);
    },
  });
  new Gauge({
    name: 'innkeeper_cache_bytes_limit',
    help: 'Bytes that may be kept in the memory of this process; 0 when nothing is kept.',
    registers,
    collect() {
      this.set(cache()?.limitBytes ?? 0);
    },
  });
  new Gauge({
    name: 'innkeeper_search_index_bytes',
    help: 'Memory of the search indexes.',
    registers,
    collect() {
      this.set(index()?.bytes ?? 0);
    },
  });
  new Gauge({
    name: 'innkeeper_search_index_lag_seconds',
    help: 'How long ago the index that is furthest behind was last known to be complete.',
    registers,
    collect() {
      this.set((index()?.lagMs ?? 0) / 1_000);
    },
  });
  const redisUp = new Gauge({
    name: 'innkeeper_redis_up',
    help: '0 while Redis does not answer and is left alone (breaker open). Not there without REDIS_URL.',
    registers,
  });
  if (usesRedis) redisUp.set(1);
  else redisUp.remove();
  return {
    onRedis: (reason: string | null) => redisUp.set(reason === null ? 1 : 0),
  };
};
