import { newerToken, reaches } from '../../kernel/consistency-token.ts';
import { newVersions } from '../../kernel/versions.ts';
import type { AdaptiveTtl } from './adaptive-ttl.ts';
import { type CacheCall, type Following, keyOf, tagOf, tagsOf, type Work } from './call.ts';
import { type CacheEntry, etagOf } from './entry.ts';
import type { Fences } from './fences.ts';
import { isNewEnough, UNCONFIRMED_MS } from './freshness.ts';
import type { MemoryTier } from './memory-tier.ts';
import type { Found, SharedTier } from './shared/shared-tier.ts';
import type { AnswerCounts } from './statistics.ts';

export interface FillingOptions {
  memory: MemoryTier;
  fences: Fences;
  ttl: AdaptiveTtl;
  counts: AnswerCounts;
  nowMs: () => number;
  /** From 0 to 1, for jitter. */
  fraction: () => number;
  /** Begins to follow a tenant's writes, or goes on. */
  follow: (tenant: string) => Following;
  /** Where processes leave answers for each other. */
  shared?: SharedTier | undefined;
}

export interface Obtained {
  entry: CacheEntry;
  /** It is older than what its caller has seen. */
  isOlder: boolean;
  outcome: 'hit' | 'miss';
}

type Filled = Pick<Obtained, 'entry' | 'isOlder'> & { isKept: boolean };

/** A tenth of a life, so that what was filled together does not end together. */
const JITTER = 0.1;

/** Gets what is not in memory: what another process has left, else what the source answers. Both are kept where they may be. */
export const createFilling = (options: FillingOptions) => {
  const { memory, fences, ttl, counts, nowMs, fraction, follow, shared } = options;
  const filling = new Map<string, Promise<Obtained>>();
  const looking = new Map<string, Promise<CacheEntry | null>>();

  /** Callers that may share an answer: one who has seen more, or takes less, gets another one. */
  const momentOf = (call: CacheCall): string => {
    const { asked, acceptsOlder } = call.versions;
    const token = asked ? `${asked.timeline}-${asked.lsn}` : '';
    return `${keyOf(call)} ${token} ${acceptsOlder} ${fences.of(tagsOf(call)).generation}`;
  };

  /** Joins the work that is under way for callers of the same moment, else begins it. */
  const together = <T>(underWay: Map<string, Promise<T>>, call: CacheCall, begin: () => Promise<T>): Promise<T> => {
    const moment = momentOf(call);
    const under = underWay.get(moment);
    if (under) return under;
    const begun = begin().finally(() => underWay.delete(moment));
    underWay.set(moment, begun);
    return begun;
  };

  const fill = async (call: CacheCall, work: Work): Promise<Filled> => {
    const before = fences.of(tagsOf(call));
    const own = newVersions(newerToken(call.versions.asked, before.at), call.versions);
    const startedAt = nowMs();
    const bytes = Buffer.from(JSON.stringify(await work(own)) ?? 'null');
    const { includes, seen } = own;
    const now = nowMs();
    counts[call.type].fills += 1;
    counts[call.type].fillMs += now - startedAt;
    const nowhere = { timeline: '00000000', lsn: '0/0' };
    const entry: CacheEntry = {
      ...{ type: call.type, bytes, etag: etagOf(bytes), includes: includes ?? nowhere, seen: seen ?? nowhere },
      ...{ tags: tagsOf(call), filledAt: now },
      expiresAt: now + ttl.of(call.type) * (1 - JITTER * fraction()),
    };
    const unchanged = fences.of(tagsOf(call)).generation === before.generation;
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
  const obtain = async (call: CacheCall, work: Work): Promise<Obtained> => {
    const { asked } = call.versions;
    // What others left was filled before: what was written since has to be known.
    if (asked && shared?.isOfUse(call.tenant)) await follow(call.tenant).catchUp(asked);
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

  return {
    /** Callers that may share an answer share its filling. */
    once: (call: CacheCall, work: Work): Promise<Obtained> => together(filling, call, () => obtain(call, work)),
    /** What another process has left, if it may be given now; null where the answer has to be filled. Never rejects. */
    fromShared: (call: CacheCall): Promise<CacheEntry | null> | null =>
      shared?.isOfUse(call.tenant) ? together(looking, call, () => shared.peek(call, take(call))) : null,
  };
};
