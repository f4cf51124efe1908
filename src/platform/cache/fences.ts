import { LRUCache } from 'lru-cache';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { newerToken } from '../../kernel/consistency-token.ts';

const MOST_TAGS = 50_000;

interface Fence {
  at: ConsistencyToken;
  /** Grows with every write. */
  generation: number;
}

/** Where each tag was last written, as far as this process has been told: what fills a tag must not be older. */
export interface Fences {
  written(tag: string, at: ConsistencyToken): void;
  /** As if every tag had been written, without saying where. */
  allWritten(): void;
  /** The newest write of the tags, and a number that changes when one of them is written. */
  of(tags: readonly string[]): { at: ConsistencyToken | null; generation: number };
}

/** Tags that are forgotten count as written where the last one of them was. */
export const createFences = (): Fences => {
  let generation = 0;
  let forgotten: Fence = { at: { timeline: '', lsn: '0/0' }, generation: 0 };
  let anyForgotten = false;
  const fences = new LRUCache<string, Fence>({
    max: MOST_TAGS,
    dispose: (fence, _tag, reason) => {
      if (reason !== 'evict') return;
      anyForgotten = true;
      forgotten = {
        at: newerToken(forgotten.at, fence.at) ?? fence.at,
        generation: Math.max(forgotten.generation, fence.generation),
      };
    },
  });
  return {
    written(tag, at) {
      generation += 1;
      fences.set(tag, { at: newerToken(fences.peek(tag)?.at ?? null, at) ?? at, generation });
    },
    allWritten() {
      generation += 1;
      forgotten.generation = generation;
    },
    of(tags) {
      let at = anyForgotten ? forgotten.at : null;
      let newest = forgotten.generation;
      for (const tag of tags) {
        const fence = fences.get(tag);
        if (!fence) continue;
        at = newerToken(at, fence.at);
        newest = Math.max(newest, fence.generation);
      }
      return { at, generation: newest };
    },
  };
};
