import { hash } from 'node:crypto';
import { reaches } from '../../../kernel/consistency-token.ts';
import type { CacheEntry } from '../entry.ts';
import { type CacheType, cachePolicies } from '../policies.ts';
import { noSharedCounts, type SharedStatistics } from '../statistics.ts';
import { createClaims } from './claims.ts';
import { encodeEntry, type SharedEntry } from './coding.ts';
import type { GuardedStore } from './guarded-store.ts';
import type { Histories, Joined } from './history-parts.ts';
import { type LookedUp, lookUp } from './look-up.ts';

export interface SharedCall {
  type: CacheType;
  tenant: string;
  key: string;
  tags: readonly string[];
}

/** An answer of another process, with its rest of life in milliseconds; below 0 it may only stand in. */
export interface Found extends SharedEntry {
  lifeMs: number;
}

export interface Fetched<Taken> {
  taken: Taken | null;
  /** To be called once it was filled, with what is to be left for others; with null when nothing is. */
  filled: (entry: CacheEntry | null, lifeMs: number) => void;
}

export interface SharedTierOptions {
  guarded: GuardedStore;
  histories: Histories;
  /** Before every key. */
  prefix: string;
  newId: () => string;
  pause: (ms: number) => Promise<unknown>;
}

/** Larger ones would keep others waiting. */
const MOST_BYTES = 1_000_000;

export const historyKeyOf = (prefix: string, tenant: string): string => `${prefix}${tenant}:tags`;

export type SharedTier = ReturnType<typeof createSharedTier>;

/**
 * Answers that processes share. One is offered only where the tenant's history in the store holds every write that this process
 * has not followed itself, and neither it nor what this process was told of says that the answer is older than a write of its tags.
 */
export const createSharedTier = ({ guarded, histories, prefix, newId, pause }: SharedTierOptions) => {
  const { store } = guarded;
  const counts = noSharedCounts();
  const claims = createClaims({ store, newId, pause });

  const keyOf = ({ tenant, type, key }: SharedCall): string =>
    `${prefix}${tenant}:${type}:${hash('sha256', key, 'base64url')}`;

  const isSettled = ({ tenant, tags }: SharedCall, { chain }: Joined): boolean =>
    histories.joined(tenant)?.chain === chain && !histories.isPending(tenant, tags);

  /** Null where nothing can be said. */
  const look = async (call: SharedCall): Promise<LookedUp | null> => {
    const { tenant, tags } = call;
    const joined = histories.joined(tenant);
    if (joined === null) return null;
    try {
      const looked = await lookUp(store, keyOf(call), historyKeyOf(prefix, tenant), joined, tags);
      if (looked === null) histories.lost(tenant, joined);
      return looked;
    } catch {
      return null;
    }
  };

  const offer = <Taken>(call: SharedCall, looked: LookedUp, take: (found: Found) => Taken | null): Taken | null => {
    const { entry, stamp, needs, leftMs } = looked;
    const lifeMs = leftMs - cachePolicies[call.type].graceMs;
    const isSound = entry?.stamp === stamp && reaches(entry.includes, needs) && isSettled(call, looked.joined);
    const taken = entry && isSound ? take({ ...entry, lifeMs }) : null;
    if (!entry) counts[call.type].miss += 1;
    else counts[call.type][taken === null ? 'refused' : 'hit'] += 1;
    return taken;
  };

  const leave = async (call: SharedCall, { stamp, needs, joined }: LookedUp, entry: CacheEntry, lifeMs: number) => {
    if (entry.bytes.length > MOST_BYTES || !reaches(entry.includes, needs) || !isSettled(call, joined)) return;
    const { bytes, etag, includes, seen } = entry;
    const value = await encodeEntry({ bytes, etag, includes, seen, stamp });
    await store.write(keyOf(call), value, lifeMs + cachePolicies[call.type].graceMs);
    counts[call.type].stored += 1;
    counts[call.type].storedBytes += value.length;
  };

  return {
    /** Whether anything of the tenant could be offered now. */
    isOfUse: (tenant: string): boolean => guarded.answers && histories.joined(tenant) !== null,
    /** Offers to `take` what others have left, and answers what it takes; who gets null goes on with `fetch`. Never rejects. */
    async peek<Taken>(call: SharedCall, take: (found: Found) => Taken | null): Promise<Taken | null> {
      const looked = await look(call);
      return looked?.entry ? offer(call, looked, take) : null;
    },
    /**
     * Offers to `take`, in the moment in which it has to be decided, what others have left. Where it takes nothing, the caller
     * fills; what costs much is filled by one process at a time. Never rejects.
     */
    async fetch<Taken>(call: SharedCall, take: (found: Found) => Taken | null): Promise<Fetched<Taken>> {
      const looked = await look(call);
      if (!looked) return { taken: null, filled: () => {} };
      let latest = looked;
      const taken = offer(call, looked, take);
      if (taken !== null) return { taken, filled: () => {} };
      let release = () => {};
      if (cachePolicies[call.type].costly) {
        const claimed = await claims(`${keyOf(call)}:lock`, async () => {
          const again = await look(call);
          if (!again) throw new Error('the shared store is of no use now');
          latest = again;
          return again.entry ? offer(call, again, take) : null;
        });
        if (claimed.found !== null) return { taken: claimed.found, filled: () => {} };
        release = claimed.release;
      }
      return {
        taken: null,
        filled(entry, lifeMs) {
          const left = entry ? leave(call, latest, entry, lifeMs) : Promise.resolve();
          void left.catch(() => {}).then(release);
        },
      };
    },
    statistics: (): SharedStatistics => ({ counts, errors: guarded.errors, answers: guarded.answers }),
  };
};
