import { CACHE_TYPES, type CacheType } from './policies.ts';

/** How a look-up ended: `stale` is an old answer in place of a source that failed, `bypass` one that the cache could not serve or keep. */
export type CacheOutcome = 'hit' | 'miss' | 'stale' | 'bypass';

export interface CacheCounts extends Record<CacheOutcome, number> {
  invalidated: number;
  evicted: number;
}

export type CacheStatistics = Record<CacheType, CacheCounts>;

export const noCounts = (): CacheStatistics =>
  Object.fromEntries(
    CACHE_TYPES.map((type) => [type, { hit: 0, miss: 0, stale: 0, bypass: 0, invalidated: 0, evicted: 0 }]),
  ) as CacheStatistics;

/** Look-ups in the shared tier: `refused` found an answer that could not be proved to be new enough. */
export interface SharedCounts {
  hit: number;
  miss: number;
  refused: number;
  stored: number;
}

export interface SharedStatistics {
  counts: Record<CacheType, SharedCounts>;
  /** Commands that failed or took too long. */
  errors: number;
  /** False while nothing is asked of it, because it did not answer. */
  answers: boolean;
}

export const noSharedCounts = (): Record<CacheType, SharedCounts> =>
  Object.fromEntries(CACHE_TYPES.map((type) => [type, { hit: 0, miss: 0, refused: 0, stored: 0 }])) as Record<
    CacheType,
    SharedCounts
  >;
