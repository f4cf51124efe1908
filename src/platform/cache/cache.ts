import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { newerToken } from '../../kernel/consistency-token.ts';
import { createAdaptiveTtl } from './adaptive-ttl.ts';
import {
  type CacheCall,
  type CachedAnswer,
  type CacheOutcome,
  EVERYTHING,
  type Following,
  keyOf,
  tagOf,
  type Work,
} from './call.ts';
import type { CacheEntry } from './entry.ts';
import { createFences } from './fences.ts';
import { createFilling } from './filling.ts';
import { isFresh, mayStandIn } from './freshness.ts';
import { createMemoryTier } from './memory-tier.ts';
import type { CacheType } from './policies.ts';
import type { SharedTier } from './shared/shared-tier.ts';
import { type CacheStats, noAnswerCounts, statsOf } from './statistics.ts';

export interface CacheOptions {
  /** Of the memory tier; 0 keeps nothing there. */
  maxBytes: number;
  nowMs: () => number;
  /** From 0 to 1, for jitter. */
  fraction: () => number;
  /** Begins to follow a tenant's writes, or goes on. */
  follow: (tenant: string) => Following;
  /** Where processes leave answers for each other. */
  shared?: SharedTier | undefined;
}

export type Cache = ReturnType<typeof createCache>;

/**
 * Answers kept in this process, and behind them those that processes share. One is given only where it holds all that the caller
 * has seen and all writes that this process was told of; it is filled from a copy that has these, by one caller at a time.
 */
export const createCache = (options: CacheOptions) => {
  const { maxBytes, nowMs, follow, shared } = options;
  const counts = noAnswerCounts();
  const memory = createMemoryTier(maxBytes);
  const ttl = createAdaptiveTtl();
  const fences = createFences();
  const filling = createFilling({ ...options, memory, fences, ttl, counts });

  const give = (
    call: CacheCall,
    entry: CacheEntry,
    outcome: CacheOutcome,
    isOlder = outcome === 'stale',
  ): CachedAnswer => {
    counts[call.type][outcome] += 1;
    const { versions } = call;
    if (isOlder) versions.older = true;
    // An answer that holds what its reader has seen is no reason to forget that.
    versions.seen = newerToken(newerToken(versions.seen, entry.seen), isOlder ? null : versions.asked);
    return { entry, outcome };
  };

  /** What memory holds for the call and may be given now. */
  const kept = (call: CacheCall): CacheEntry | undefined => {
    const entry = memory.get(keyOf(call));
    return entry && isFresh(entry, call.versions.asked, follow(call.tenant), nowMs()) ? entry : undefined;
  };

  /** What is kept but for what its caller has seen: to ask what was written since costs less than to fill it anew. */
  const keptAfterLook = (call: CacheCall): Promise<CacheEntry | undefined> | undefined => {
    const { asked } = call.versions;
    const following = follow(call.tenant);
    const entry = memory.get(keyOf(call));
    if (!entry || asked === null || !isFresh(entry, null, following, nowMs())) return undefined;
    return following.catchUp(asked).then((isTold) => (isTold ? kept(call) : undefined));
  };

  return {
    /** The answer that memory holds, if it may be given. */
    peek(call: CacheCall): CachedAnswer | undefined {
      const entry = kept(call);
      if (!entry) return undefined;
      ttl.read(call.type, nowMs());
      counts[call.type].fromMemory += 1;
      return give(call, entry, 'hit');
    },
    /** The answer that another process has left, if it may be given; undefined where none can be now. Never rejects. */
    peekShared(call: CacheCall): Promise<CachedAnswer | undefined> | undefined {
      follow(call.tenant);
      return filling.fromShared(call)?.then((entry) => {
        if (!entry) return undefined;
        ttl.read(call.type, nowMs());
        return give(call, entry, 'hit');
      });
    },
    /** The answer that is kept, or that of `work`, which reads by the versions it is given. Throws what `work` throws. */
    async get(call: CacheCall, work: Work): Promise<CachedAnswer> {
      const found = kept(call) ?? keptAfterLook(call);
      const entry = found && (await found);
      ttl.read(call.type, nowMs());
      if (entry) {
        counts[call.type].fromMemory += 1;
        return give(call, entry, 'hit');
      }
      follow(call.tenant);
      const old = memory.get(keyOf(call));
      try {
        const { entry: obtained, outcome, isOlder } = await filling.once(call, work);
        return give(call, obtained, outcome, isOlder);
      } catch (error) {
        // It may have been taken away meanwhile.
        const isThere = old && memory.get(keyOf(call)) === old;
        if (!isThere || !mayStandIn(old, call.versions.asked, follow(call.tenant), nowMs(), error)) throw error;
        return give(call, old, 'stale');
      }
    },
    /** As `get` for what nobody has asked for yet: it says nothing of how well the cache does. */
    async warm(call: CacheCall, work: Work): Promise<CachedAnswer> {
      counts[call.type].warmed += 1;
      const entry = kept(call);
      if (entry) return { entry, outcome: 'hit' };
      follow(call.tenant);
      return filling.once(call, work);
    },
    /** Takes away whatever depends on the tags, whose last write is at or before the position. */
    invalidate(tenant: string, tags: Iterable<string>, at: ConsistencyToken): void {
      const changed = new Set<CacheType>();
      for (const tag of tags) {
        fences.written(tagOf(tenant, tag), at);
        for (const { type } of memory.dropTag(tagOf(tenant, tag))) {
          counts[type].invalidated += 1;
          changed.add(type);
        }
      }
      for (const type of changed) ttl.changed(type, nowMs());
    },
    /** Takes away all of the tenant's, since its writes were not followed before the position. */
    forget(tenant: string, at: ConsistencyToken): void {
      fences.written(tagOf(tenant, EVERYTHING), at);
      memory.dropTag(tagOf(tenant, EVERYTHING));
    },
    /** Drops all; what is being filled is not kept either. Answers how many were dropped, as the next two. */
    clear(): number {
      const { entries } = memory;
      fences.allWritten();
      memory.clear();
      return entries;
    },
    dropType(type: CacheType): number {
      fences.allWritten();
      return memory.dropType(type);
    },
    /** Drops what depends on the tag, of one tenant or, for null, of all; answers whose that was. */
    dropTag(tag: string, tenant: string | null): { tenants: string[]; dropped: number } {
      fences.allWritten();
      const suffix = tagOf('', tag);
      const found = [...memory.tags()].filter(
        (one) => one.indexOf(' ') === one.length - suffix.length && one.endsWith(suffix),
      );
      const theirs = found.filter((one) => tenant === null || one === tagOf(tenant, tag));
      const dropped = theirs.reduce((sum, one) => sum + memory.dropTag(one).length, 0);
      return { tenants: theirs.map((one) => one.slice(0, -suffix.length)), dropped };
    },
    /** What it holds and has earned since the process began; of no tenant in particular. */
    stats: (): CacheStats => statsOf({ counts, memory, ttl, shared: shared?.statistics() ?? null, maxBytes }),
  };
};
