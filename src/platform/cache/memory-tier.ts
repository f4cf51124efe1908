import { LRUCache } from 'lru-cache';
import { type CacheEntry, sizeOf } from './entry.ts';
import type { CacheType } from './policies.ts';
import { type MemoryHolds, nothingHeld } from './statistics.ts';

/** Answers in this process, bounded in bytes, found by key and by tag. */
export interface MemoryTier {
  get(key: string): CacheEntry | undefined;
  set(key: string, entry: CacheEntry): void;
  /** Answers the entries that are gone. */
  dropTag(tag: string): CacheEntry[];
  /** Answers how many are gone. */
  dropType(type: CacheType): number;
  /** Tags that some entry has. */
  tags(): Iterable<string>;
  clear(): void;
  readonly bytes: number;
  readonly entries: number;
  readonly holds: Readonly<Record<CacheType, MemoryHolds>>;
}

/** `maxBytes` of 0 keeps nothing. */
export const createMemoryTier = (maxBytes: number): MemoryTier => {
  const holds = nothingHeld();
  const keysOf = new Map<string, Set<string>>();
  const forget = (key: string, { tags }: CacheEntry): void => {
    for (const tag of tags) {
      const keys = keysOf.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) keysOf.delete(tag);
    }
  };
  const entries = new LRUCache<string, CacheEntry>({
    // At least one byte, which none fits into.
    maxSize: Math.max(1, maxBytes),
    maxEntrySize: Math.max(1, Math.ceil(maxBytes / 8)),
    sizeCalculation: (entry, key) => sizeOf(key, entry),
    dispose: (entry, key, reason) => {
      forget(key, entry);
      const held = holds[entry.type];
      held.entries -= 1;
      held.bytes -= sizeOf(key, entry);
      if (reason === 'evict') held.evicted += 1;
    },
    noDisposeOnSet: false,
  });
  return {
    get: (key) => entries.get(key),
    set(key, entry) {
      entries.set(key, entry);
      if (!entries.has(key)) return;
      holds[entry.type].entries += 1;
      holds[entry.type].bytes += sizeOf(key, entry);
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
    dropType(type) {
      const keys = [...entries.entries()].filter(([, entry]) => entry.type === type).map(([key]) => key);
      for (const key of keys) entries.delete(key);
      return keys.length;
    },
    tags: () => keysOf.keys(),
    clear: () => entries.clear(),
    holds,
    get bytes() {
      return entries.calculatedSize;
    },
    get entries() {
      return entries.size;
    },
  };
};
