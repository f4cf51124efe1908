import type { AdaptiveTtl } from './adaptive-ttl.ts';
import type { MemoryTier } from './memory-tier.ts';
import { CACHE_TYPES, type CacheType, cachePolicies } from './policies.ts';

const byType = <T>(make: (type: CacheType) => T): Record<CacheType, T> =>
  Object.fromEntries(CACHE_TYPES.map((type) => [type, make(type)])) as Record<CacheType, T>;

/** What became of look-ups, whichever tier answered. */
interface AnswerCount {
  /** Answers that were kept; `fromMemory` of them in this process. */
  hit: number;
  fromMemory: number;
  /** Answers that were filled, perhaps for several callers at once. */
  miss: number;
  /** Old answers in place of a source that failed. */
  stale: number;
  /** Look-ups that nobody asked for yet. */
  warmed: number;
  fills: number;
  /** What the fills took together, in milliseconds. */
  fillMs: number;
  /** Taken away because of a write. */
  invalidated: number;
}

export type AnswerCounts = Record<CacheType, AnswerCount>;

export const noAnswerCounts = (): AnswerCounts =>
  byType(() => ({ hit: 0, fromMemory: 0, miss: 0, stale: 0, warmed: 0, fills: 0, fillMs: 0, invalidated: 0 }));

/** What memory holds of a type. */
export interface MemoryHolds {
  entries: number;
  bytes: number;
  /** Dropped to make room. */
  evicted: number;
}

export const nothingHeld = (): Record<CacheType, MemoryHolds> => byType(() => ({ entries: 0, bytes: 0, evicted: 0 }));

/** Look-ups in the shared tier: `refused` found an answer that could not be proved to be new enough. */
export interface SharedCounts {
  hit: number;
  miss: number;
  refused: number;
  stored: number;
  /** As they were stored, compressed. */
  storedBytes: number;
}

export const noSharedCounts = (): Record<CacheType, SharedCounts> =>
  byType(() => ({ hit: 0, miss: 0, refused: 0, stored: 0, storedBytes: 0 }));

export interface SharedStatistics {
  counts: Record<CacheType, SharedCounts>;
  /** Commands that failed or took too long. */
  errors: number;
  /** False while nothing is asked of it, because it did not answer: the breaker is open. */
  answers: boolean;
}

export interface TypeStats extends AnswerCount {
  memory: MemoryHolds;
  shared: SharedCounts | null;
  /** How long answers live now, in milliseconds, and between which bounds that adapts. */
  ttl: { nowMs: number; leastMs: number; mostMs: number };
}

export interface CacheStats {
  types: Record<CacheType, TypeStats>;
  memory: { entries: number; bytes: number; mostBytes: number };
  shared: { answers: boolean; errors: number } | null;
}

interface Sources {
  counts: AnswerCounts;
  memory: MemoryTier;
  ttl: AdaptiveTtl;
  shared: SharedStatistics | null;
  maxBytes: number;
}

export const statsOf = ({ counts, memory, ttl, shared, maxBytes }: Sources): CacheStats => ({
  types: byType((type) => ({
    ...counts[type],
    memory: { ...memory.holds[type] },
    shared: shared && { ...shared.counts[type] },
    ttl: { nowMs: ttl.of(type), leastMs: cachePolicies[type].least, mostMs: cachePolicies[type].most },
  })),
  memory: { entries: memory.entries, bytes: memory.bytes, mostBytes: maxBytes },
  shared: shared && { answers: shared.answers, errors: shared.errors },
});
