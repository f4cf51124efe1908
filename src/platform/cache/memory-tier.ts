import { LRUCache } from 'lru-cache';
import { type CacheEntry, sizeOf } from './entry.ts';
import type { CacheStatistics } from './statistics.ts';

/** Answers in this process, bounded in bytes, found by key and by tag. */
export interface MemoryTier {
  get(key: string): CacheEntry | undefined;
  set(key: string, entry: CacheEntry): void;
  /** Answers the entries that are gone. */
  dropTag(tag: string): CacheEntry[];
  clear(): void;
  readonly bytes: number;
  readonly entries: number;
}

export const createMemoryTier = (maxBytes: number, counts: CacheStatistics): MemoryTier => {
  const keysOf = new Map<string, Set<string>>();
  const forget = (key: string, { tags }: CacheEntry): void => {
    for (const tag of tags) {
      const keys = keysOf.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) keysOf.delete(tag);
    }
  };
  const entries = new LRUCache<string, CacheEntry>({
    maxSize: maxBytes,
    maxEntrySize: Math.ceil(maxBytes / 8),
    sizeCalculation: (entry, key) => sizeOf(key, entry),
    dispose: (entry, key, reason) => {
      forget(key, entry);
      if (reason === 'evict') counts[entry.type].evicted += 1;
    },
    noDisposeOnSet: false,
  });
  return {
    get: (key) => entries.get(key),
    set(key, entry) {
      entries.set(key, entry);
      if (!entries.has(key)) return;
      for (const tag of entry.tags) {
        const keys = keysOf.get(tag) ?? new Set();
        keysOf.set(tag, keys.add(key));
      }
    },
    dropTag(tag) {
      const dropped: CacheEntry[] = [];
      for (const key of [...(keysOf.get(tag) ?? [])]) {
        const entry = entries.peek(key);
        if (entry) dropped.push(entry);
        entries.delete(key);
      }
      return dropped;
    },
    clear: () => entries.clear(),
    get bytes() {
      return entries.calculatedSize;
    },
    get entries() {
      return entries.size;
    },
  };
};
