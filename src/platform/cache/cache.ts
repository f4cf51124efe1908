import { AppError } from '../../kernel/app-error.ts';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { newerToken, reaches } from '../../kernel/consistency-token.ts';
import { newVersions, type Versions } from '../../kernel/versions.ts';
import { createAdaptiveTtl } from './adaptive-ttl.ts';
import { type CacheEntry, etagOf } from './entry.ts';
import { createFences } from './fences.ts';
import { createMemoryTier } from './memory-tier.ts';
import { type CacheType, cachePolicies } from './policies.ts';
import type { Found, SharedTier } from './shared/shared-tier.ts';
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
  /** Where processes leave answers for each other. */
  shared?: SharedTier | undefined;
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
interface Filled {
  entry: CacheEntry;
  /** It is older than what its caller has seen. */
  isOlder: boolean;
  isKept: boolean;
}

type Obtained = Pick<Filled, 'entry' | 'isOlder'> & { outcome: 'hit' | 'miss' };

/** Entries live so long at most while this process can't be sure to be told of writes. */
const UNCONFIRMED_MS = 5_000;
/** A tenth of a life, so that what was filled together does not end together. */
const JITTER = 0.1;

const mayPass = (error: unknown) =>
  error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'timeout');

export type Cache = ReturnType<typeof createCache>;

/**
 * Answers kept in this process, and behind them those that processes share. One is given only where it holds all that the caller
 * has seen and all writes that this process was told of; it is filled from a copy that has these, by one caller at a time.
 */
export const createCache = ({ maxBytes, nowMs, fraction, follow, shared }: CacheOptions) => {
  const counts = noCounts();
  const memory = createMemoryTier(maxBytes, counts);
  const ttl = createAdaptiveTtl();
  const fences = createFences();
  const filling = new Map<string, Promise<Obtained>>();
  /** Grows when everything is cleared. */
  let epoch = 0;

  const keyOf = ({ tenant, key }: CacheCall): string => `${tenant} ${key}`;
  const tagOf = (tenant: string, tag: string): string => `${tenant} ${tag}`;
  const tagsOf = ({ tenant, tags }: CacheCall): string[] => [...tags, EVERYTHING].map((tag) => tagOf(tenant, tag));

  /** Whether the entry holds what the token's holder has seen. */
  const isNewEnough = (entry: CacheEntry, token: ConsistencyToken | null, following: Following): boolean =>
    token === null || reaches(entry.includes, token) || following.hasTold(token);

  const isCertain = (entry: CacheEntry, following: Following, now: number): boolean =>
    Math.min(now - entry.filledAt, following.ageMs()) <= UNCONFIRMED_MS;

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

  const fill = async (call: CacheCall, work: (versions: Versions) => Promise<unknown>): Promise<Filled> => {
    const before = { ...fences.of(tagsOf(call)), epoch };
    const own = newVersions(newerToken(call.versions.asked, before.at), call.versions);
    const bytes = Buffer.from(JSON.stringify(await work(own)) ?? 'null');
    const { includes, seen } = own;
    const now = nowMs();
    const nowhere = { timeline: '00000000', lsn: '0/0' };
    const entry: CacheEntry = {
      ...{ type: call.type, bytes, etag: etagOf(bytes), includes: includes ?? nowhere, seen: seen ?? nowhere },
      ...{ tags: tagsOf(call), filledAt: now },
      expiresAt: now + ttl.of(call.type) * (1 - JITTER * fraction()),
    };
    const unchanged = fences.of(tagsOf(call)).generation === before.generation && epoch === before.epoch;
    const isKept = includes !== null && seen !== null && !own.older && unchanged && reaches(seen, before.at);
    if (isKept) memory.set(keyOf(call), entry);
    return { entry, isOlder: own.older, isKept };
  };

  /** Keeps what another process has left, as far as what this one was told of lets it; null where it may not be given now. */
  const take =
    (call: CacheCall) =>
    ({ bytes, etag, includes, seen, lifeMs }: Found): CacheEntry | null => {
      const following = follow(call.tenant);
      const ageMs = following.ageMs();
      const { at } = fences.of(call.tags.map((tag) => tagOf(call.tenant, tag)));
      if (ageMs > UNCONFIRMED_MS || !reaches(includes, at)) return null;
      const now = nowMs();
      const entry: CacheEntry = {
        ...{ type: call.type, bytes, etag, includes, seen, tags: tagsOf(call) },
        ...{ filledAt: now - ageMs, expiresAt: now + lifeMs },
      };
      if (!isNewEnough(entry, call.versions.asked, following)) return null;
      memory.set(keyOf(call), entry);
      return lifeMs > 0 ? entry : null;
    };

  /** What another process has left, else filled, and left there for others. */
  const obtain = async (call: CacheCall, work: (versions: Versions) => Promise<unknown>): Promise<Obtained> => {
    const fetched = shared && (await shared.fetch(call, take(call)));
    if (fetched?.taken) return { entry: fetched.taken, isOlder: false, outcome: 'hit' };
    let left: CacheEntry | null = null;
    try {
      const { entry, isOlder, isKept } = await fill(call, work);
      if (isKept) left = entry;
      return { entry, isOlder, outcome: 'miss' };
    } finally {
      fetched?.filled(left, left ? left.expiresAt - nowMs() : 0);
    }
  };

  /** Callers that may share an answer share its filling; one who has seen more, or takes less, fills anew. */
  const fillOnce = (call: CacheCall, work: (versions: Versions) => Promise<unknown>): Promise<Obtained> => {
    const { asked, acceptsOlder } = call.versions;
    const token = asked ? `${asked.timeline}-${asked.lsn}` : '';
    const { generation } = fences.of(tagsOf(call));
    const key = [keyOf(call), token, acceptsOlder, generation, epoch].join(' ');
    const under = filling.get(key);
    if (under) return under;
    const filled = obtain(call, work).finally(() => filling.delete(key));
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
        const { entry: obtained, outcome, isOlder } = await fillOnce(call, work);
        return give(call, obtained, outcome, isOlder);
      } catch (error) {
        const usable =
          old &&
          // It may have been taken away meanwhile.
          memory.get(keyOf(call)) === old &&
          mayPass(error) &&
          nowMs() < old.expiresAt + cachePolicies[call.type].graceMs &&
          isNewEnough(old, call.versions.asked, follow(call.tenant));
        if (!usable) throw error;
        return give(call, old, 'stale');
      }
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
    clear() {
      epoch += 1;
      memory.clear();
    },
    statistics: () => ({
      counts,
      shared: shared?.statistics() ?? null,
      bytes: memory.bytes,
      entries: memory.entries,
      ttlMs: ttl.of,
    }),
  };
};
