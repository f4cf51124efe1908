import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Calls } from './calls.ts';

/** The texts of a request's inputs by call, as `keptAnswer` takes them. */
export interface KnownTarget {
  asked: Calls;
  texts: readonly string[];
}

/** URLs whose answers were kept lately: what they ask for need not be read again. */
export interface KnownTargets {
  /** Undefined also for a request that is no plain GET. */
  find(request: IncomingMessage): KnownTarget | undefined;
  /** Notes what a GET that `find` may be asked for next asks for. */
  know(request: IncomingMessage, target: KnownTarget): void;
}

/** What they may take. */
const MOST_BYTES = 8_000_000;
/** Of a target besides its strings: objects, a place in the map. */
const OVERHEAD = 800;
/** Of a call, the same. */
const CALL_OVERHEAD = 200;

const sizeOf = ({ texts }: KnownTarget, url: string): number =>
  OVERHEAD + 2 * url.length + texts.reduce((size, text) => size + CALL_OVERHEAD + 2 * text.length, 0);

/** `isPlain` says whether a request's head, but for its target, lets it be answered in one piece. */
export const createKnownTargets = (isPlain: (request: IncomingMessage) => boolean): KnownTargets => {
  const targets = new LRUCache<string, KnownTarget>({ maxSize: MOST_BYTES, sizeCalculation: sizeOf });
  return {
    find(request) {
      if (request.method !== 'GET') return undefined;
      const known = targets.get(request.url ?? '');
      return known && isPlain(request) ? known : undefined;
    },
    know({ method, url = '' }, target) {
      if (method === 'GET') targets.set(url, target);
    },
  };
};
