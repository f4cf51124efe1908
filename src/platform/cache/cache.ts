import { AppError } from '../../kernel/app-error.ts';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { newerToken, reaches } from '../../kernel/consistency-token.ts';
import { newVersions, type Versions } from '../../kernel/versions.ts';
import { createAdaptiveTtl } from './adaptive-ttl.ts';
import { type CacheEntry, etagOf } from './entry.ts';
import { createFences } from './fences.ts';
import { createMemoryTier } from './memory-tier.ts';
import { type CacheType, cachePolicies } from './policies.ts';
import { type CacheOutcome, noCounts } from './statistics.ts';

/** How well this process is told of a tenant's writes. */
export interface Following {
  /** Whether all that was committed up to the token has been told. */
  hasTold(token: ConsistencyToken): boolean;
  /** Milliseconds since it was last certain that nothing is missing. */
  ageMs(): number;
}

export interface CacheOptions {
  maxBytes: number;
  nowMs: () => number;
  /** From 0 to 1, for jitter. */
  fraction: () => number;
  /** Begins to follow a tenant's writes, or goes on. */
  follow: (tenant: string) => Following;
}

export interface CacheCall {
  type: CacheType;
  tenant: string;
  /** Within the tenant: the procedure and its input. */
  key: string;
  /** What the answer depends on; whatever changes one of them takes the answer away. */
  tags: readonly string[];
  /** Of the request: they bound how old an answer may be, and learn what it has seen. */
  versions: Versions;
}

export interface CachedAnswer {
  entry: Pick<CacheEntry, 'bytes' | 'etag'>;
  outcome: CacheOutcome;
}

/** A tag of every answer. */
const EVERYTHING = '*';
/** Entries live so long at most while this process can't be sure to be told of writes. */
const UNCONFIRMED_MS = 5_000;
/** A tenth of a life, so that what was filled together does not end together. */
const JITTER = 0.1;

const tagsOf = ({ tags }: CacheCall): string[] => [...tags, EVERYTHING];

const mayPass = (error: unknown) =>
  error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'timeout');

export type Cache = ReturnType<typeof createCache>;

/**
 * Answers kept in this process. One is given only where it holds all that the caller has seen and all writes that this
 * process was told of; it is filled from a copy that has these, by one caller at a time.
 */
export const createCache = ({ maxBytes, nowMs, fraction, follow }: CacheOptions) => {
  const counts = noCounts();
  const memory = createMemoryTier(maxBytes, counts);
  const ttl = createAdaptiveTtl();
  const fences = new Map<string, ReturnType<typeof createFences>>();
  const filling = new Map<string, Promise<CacheEntry>>();

  const fencesOf = (tenant: string) => {
    const known = fences.get(tenant) ?? createFences();
    fences.set(tenant, known);
    return known;
  };

  const keyOf = ({ tenant, key }: CacheCall): string => `${tenant} ${key}`;
  const tagOf = (tenant: string, tag: string): string => `${tenant} ${tag}`;

  /** Whether the entry holds what the token's holder has seen. */
  const isNewEnough = (entry: CacheEntry, token: ConsistencyToken | null, following: Following): boolean =>
    token === null || reaches(entry.includes, token) || following.hasTold(token);

  const isCertain = (entry: CacheEntry, following: Following, now: number): boolean =>
    Math.min(now - entry.filledAt, following.ageMs()) <= UNCONFIRMED_MS;

  const give = (call: CacheCall, entry: CacheEntry, outcome: CacheOutcome): CachedAnswer => {
    counts[call.type][outcome] += 1;
    const { versions } = call;
    versions.seen = newerToken(versions.seen, entry.seen);
    if (outcome === 'stale') versions.older = true;
    return { entry, outcome };
  };

  const fill = async (call: CacheCall, work: (versions: Versions) => Promise<unknown>): Promise<CacheEntry> => {
    const before = fencesOf(call.tenant).of(tagsOf(call));
    const own = newVersions(newerToken(call.versions.asked, before.at), call.versions);
    const bytes = Buffer.from(JSON.stringify(await work(own)) ?? 'null');
    const { includes, seen } = own;
    const now = nowMs();
    const nowhere = { timeline: '00000000', lsn: '0/0' };
    const entry: CacheEntry = {
      ...{ type: call.type, bytes, etag: etagOf(bytes), includes: includes ?? nowhere, seen: seen ?? nowhere },
      ...{ tags: tagsOf(call).map((tag) => tagOf(call.tenant, tag)), filledAt: now },
      expiresAt: now + ttl.of(call.type) * (1 - JITTER * fraction()),
    };
    const unchanged = fencesOf(call.tenant).of(tagsOf(call)).generation === before.generation;
    if (includes && seen && !own.older && unchanged && reaches(seen, before.at)) memory.set(keyOf(call), entry);
    if (own.older) call.versions.older = true;
    return entry;
  };

  /** Callers that may share an answer share its filling; one who has seen more fills anew. */
  const fillOnce = (call: CacheCall, work: (versions: Versions) => Promise<unknown>): Promise<CacheEntry> => {
    const { asked } = call.versions;
    const key = `${keyOf(call)} ${asked ? `${asked.timeline}-${asked.lsn}` : ''} ${fencesOf(call.tenant).of(tagsOf(call)).generation}`;
    const under = filling.get(key);
    if (under) return under;
    const filled = fill(call, work).finally(() => filling.delete(key));
    filling.set(key, filled);
    return filled;
  };

  /** What is kept for the call and may be given now; undefined where it has to be filled. */
  const kept = (call: CacheCall): CacheEntry | undefined => {
    const entry = memory.get(keyOf(call));
    if (!entry) return undefined;
    const now = nowMs();
    const following = follow(call.tenant);
    if (entry.expiresAt <= now || !isCertain(entry, following, now)) return undefined;
    return isNewEnough(entry, call.versions.asked, following) ? entry : undefined;
  };

  return {
    /** The answer that is kept, if it may be given. */
    peek(call: CacheCall): CachedAnswer | undefined {
      const entry = kept(call);
      if (!entry) return undefined;
      ttl.read(call.type, nowMs());
      return give(call, entry, 'hit');
    },
    /** The answer that is kept, or that of `work`, which reads by the versions it is given. Throws what `work` throws. */
    async get(call: CacheCall, work: (versions: Versions) => Promise<unknown>): Promise<CachedAnswer> {
      const entry = kept(call);
      ttl.read(call.type, nowMs());
      if (entry) return give(call, entry, 'hit');
      follow(call.tenant);
      const old = memory.get(keyOf(call));
      try {
        return give(call, await fillOnce(call, work), 'miss');
      } catch (error) {
        const usable =
          old &&
          mayPass(error) &&
          nowMs() < old.expiresAt + cachePolicies[call.type].graceMs &&
          isNewEnough(old, call.versions.asked, follow(call.tenant));
        if (usable) return give(call, old, 'stale');
        throw error;
      }
    },
    /** Takes away whatever depends on the tags, whose last write is at or before the position. */
    invalidate(tenant: string, tags: Iterable<string>, at: ConsistencyToken): void {
      const changed = new Set<CacheType>();
      for (const tag of tags) {
        fencesOf(tenant).written(tag, at);
        for (const { type } of memory.dropTag(tagOf(tenant, tag))) {
          counts[type].invalidated += 1;
          changed.add(type);
        }
      }
      for (const type of changed) ttl.changed(type, nowMs());
    },
    /** Takes away all of the tenant's, since its writes were not followed before the position. */
    forget(tenant: string, at: ConsistencyToken): void {
      fencesOf(tenant).written(EVERYTHING, at);
      memory.dropTag(tagOf(tenant, EVERYTHING));
    },
    clear: () => memory.clear(),
    statistics: () => ({ counts, bytes: memory.bytes, entries: memory.entries, ttlMs: ttl.of }),
  };
};
