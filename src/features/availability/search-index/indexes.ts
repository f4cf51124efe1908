import type { Clock } from '../../../kernel/clock.ts';
import type { Database } from '../../../platform/db/database.ts';
import type { Wakeups } from '../../../platform/events/wakeups.ts';
import { createTenantIndex, type TenantIndex } from './tenant-index.ts';

export interface SearchIndexesOptions {
  database: Database;
  clock: Clock;
  wakeups: Wakeups;
  /** What all tenants' indexes together may take. */
  maxBytes: number;
  /** Without news for so long, an index is not asked. */
  maxLagMs: number;
  onFault: (error: unknown) => void;
}

/** The tenants' search indexes in this process, each begun at the tenant's first search. */
export interface SearchIndexes {
  /** The tenant's index, which may still be building; null for a tenant that gets none. */
  of(tenant: string): TenantIndex | null;
  /** Memory of all, and the lag of the one that is furthest behind. */
  standing(): { bytes: number; lagMs: number };
  close(): Promise<void>;
}

/** An index that nobody asks is dropped after that. */
const UNUSED_MS = 15 * 60_000;
/** A tenant whose index was too large is not tried again before. */
const REFUSED_MS = 10 * 60_000;
const TIDY_MS = 60_000;

interface Kept {
  index: TenantIndex;
  usedAt: number;
  buildingBytes: number;
}

export const createSearchIndexes = (options: SearchIndexesOptions): SearchIndexes => {
  const kept = new Map<string, Kept>();
  const refused = new Map<string, number>();
  const stopped: Promise<void>[] = [];
  let tidiedAt = performance.now();

  let builds: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(build: () => Promise<T>): Promise<T> => {
    const own = builds.then(build);
    builds = own.catch(() => {});
    return own;
  };

  const bytesBeside = (tenant: string): number => {
    let bytes = 0;
    for (const [other, { buildingBytes }] of kept) if (other !== tenant) bytes += buildingBytes;
    return bytes;
  };

  const drop = (tenant: string, { index }: Kept): void => {
    kept.delete(tenant);
    stopped.push(index.stop());
  };

  const tidy = (now: number): void => {
    if (now - tidiedAt < TIDY_MS) return;
    tidiedAt = now;
    for (const [tenant, own] of kept) if (now - own.usedAt > UNUSED_MS) drop(tenant, own);
    for (const [tenant, since] of refused) if (now - since > REFUSED_MS) refused.delete(tenant);
  };

  const begin = (tenant: string, usedAt: number): Kept => {
    const own: Kept = {
      usedAt,
      buildingBytes: 0,
      index: createTenantIndex({
        ...options,
        tenant,
        inTurn,
        fits(bytes) {
          own.buildingBytes = bytes;
          return bytes + bytesBeside(tenant) <= options.maxBytes;
        },
      }),
    };
    kept.set(tenant, own);
    return own;
  };

  const unsubscribe = options.wakeups.subscribe((tenant) => {
    if (tenant !== null) kept.get(tenant)?.index.wake();
    else for (const { index } of kept.values()) index.wake();
  });

  return {
    of(tenant) {
      const now = performance.now();
      tidy(now);
      if (refused.has(tenant)) return null;
      const own = kept.get(tenant) ?? begin(tenant, now);
      own.usedAt = now;
      if (!own.index.isTooLarge) return own.index;
      refused.set(tenant, now);
      drop(tenant, own);
      return null;
    },
    standing() {
      const indexes = [...kept.values()].map(({ index }) => index);
      return {
        bytes: indexes.reduce((sum, { bytes }) => sum + bytes, 0),
        lagMs: Math.max(0, ...indexes.map(({ lagMs }) => lagMs)),
      };
    },
    async close() {
      unsubscribe();
      for (const [tenant, own] of kept) drop(tenant, own);
      await Promise.all(stopped);
    },
  };
};
