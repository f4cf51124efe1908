import { LRUCache } from 'lru-cache';
import type { Permission } from '../../kernel/permissions.ts';
import type { AskedCounts, Cache, CacheCall, CachedAnswer, CacheType } from '../../platform/cache/index.ts';
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
  cache: Pick<Cache, 'get'>;
  /** Counts that a tenant asks for it. */
  asks(tenant: string, path: string, inputText: string, type: CacheType): void;
  /** Says which call a text of JSON is, once it was validated. */
  know(path: string, inputText: string, call: CacheableCall): void;
  /**
   * What is kept for the call and may be given to who makes it; undefined where the procedure must be called. `text` is its path,
   * a blank and its input.
   */
  kept(context: RequestContext, text: string): CachedData | undefined;
  /** The same of what other processes have left; undefined at once where there can be nothing. */
  left(context: RequestContext, text: string): Promise<CachedData | undefined> | undefined;
  dataOf(entry: CachedAnswer['entry']): CachedData;
}

/** What the texts that are known may take. */
const MOST_BYTES = 8_000_000;
/** Of a call besides its strings: objects, a place in the map. */
const OVERHEAD = 400;

const sizeOf = ({ key, tags }: CacheableCall, text: string): number =>
  OVERHEAD + 2 * (text.length + key.length) + tags.reduce((size, tag) => size + 2 * tag.length + 20, 0);

export interface AnswerCaches {
  /** For requests. */
  answers: AnswerCache;
  /** For what is filled ahead of them: counts nothing as asked for. */
  ahead: AnswerCache;
}

/** `asked` counts what is asked for. */
export const createAnswerCache = (cache: Cache, asked: AskedCounts | null = null): AnswerCaches => {
  const known = new LRUCache<string, CacheableCall>({ maxSize: MOST_BYTES, sizeCalculation: sizeOf });
  const sent = new WeakMap<CachedAnswer['entry'], CachedData>();

  const dataOf = (entry: CachedAnswer['entry']): CachedData => {
    const made = sent.get(entry);
    if (made) return made;
    const data = new CachedData(entry);
    sent.set(entry, data);
    return data;
  };

  /** The call that the text is, for whoever may make it. */
  const callOf = ({ principal, limits, scope }: RequestContext, text: string): CacheCall | undefined => {
    if (!principal || limits?.refusal) return undefined;
    const call = known.get(text);
    if (!call || !principal.permissions.has(call.permission)) return undefined;
    return { ...call, tenant: principal.tenant, versions: scope.versions };
  };

  const give = ({ tenant, type }: CacheCall, text: string, { entry }: CachedAnswer): CachedData => {
    asked?.note(tenant, type, text);
    return dataOf(entry);
  };

  const answers: AnswerCache = {
    cache,
    dataOf,
    asks: (tenant, path, inputText, type) => asked?.note(tenant, type, `${path} ${inputText}`),
    know: (path, inputText, call) => void known.set(`${path} ${inputText}`, call),
    kept(context, text) {
      const call = callOf(context, text);
      const answer = call && cache.peek(call);
      return answer && give(call, text, answer);
    },
    left(context, text) {
      const call = callOf(context, text);
      return call && cache.peekShared(call)?.then((answer) => answer && give(call, text, answer));
    },
  };
  return { answers, ahead: { ...answers, cache: { get: cache.warm }, asks: () => {} } };
};
