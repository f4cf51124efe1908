export { type Cache, type CacheCall, type CachedAnswer, createCache, type Following } from './cache.ts';
export { CACHE_TYPES, type CacheType, cachePolicies } from './policies.ts';
export { type OpenShared, openShared } from './shared/open-shared.ts';
export type { CacheOutcome, CacheStatistics } from './statistics.ts';
