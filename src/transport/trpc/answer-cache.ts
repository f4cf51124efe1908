import { LRUCache } from 'lru-cache';
import type { Permission } from '../../kernel/permissions.ts';
import type { Cache, CachedAnswer, CacheType } from '../../platform/cache/index.ts';
import { CachedData } from './cached-data.ts';
import type { RequestContext } from './context.ts';

/** A call whose answers may be kept, whoever makes it. */
export interface CacheableCall {
  type: CacheType;
  key: string;
  tags: readonly string[];
  permission: Permission;
}

/** Kept answers, and the texts of inputs that were asked for before: for these no input need be read again. */
export interface AnswerCache {
  cache: Cache;
  /** Says which call a text of JSON is, once it was validated. */
  know(path: string, inputText: string, call: CacheableCall): void;
  /** What is kept for the call and may be given to who makes it; undefined where the procedure must be called. */
  kept(context: RequestContext, path: string, inputText: string): CachedData | undefined;
  dataOf(entry: CachedAnswer['entry']): CachedData;
}

/** What the texts that are known may take. */
const MOST_BYTES = 8_000_000;
/** Of a call besides its strings: objects, a place in the map. */
const OVERHEAD = 400;

const sizeOf = ({ key, tags }: CacheableCall, text: string): number =>
  OVERHEAD + 2 * (text.length + key.length) + tags.reduce((size, tag) => size + 2 * tag.length + 20, 0);

export const createAnswerCache = (cache: Cache): AnswerCache => {
  const known = new LRUCache<string, CacheableCall>({ maxSize: MOST_BYTES, sizeCalculation: sizeOf });
  const sent = new WeakMap<CachedAnswer['entry'], CachedData>();

  const dataOf = (entry: CachedAnswer['entry']): CachedData => {
    const data = sent.get(entry) ?? new CachedData(entry);
    sent.set(entry, data);
    return data;
  };

  return {
    cache,
    dataOf,
    know: (path, inputText, call) => void known.set(`${path} ${inputText}`, call),
    kept({ principal, limits, scope }, path, inputText) {
      if (!principal || limits?.refusal) return undefined;
      const call = known.get(`${path} ${inputText}`);
      if (!call || !principal.permissions.has(call.permission)) return undefined;
      const answer = cache.peek({ ...call, tenant: principal.tenant, versions: scope.versions });
      return answer && dataOf(answer.entry);
    },
  };
};
