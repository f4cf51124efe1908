import { LRUCache } from 'lru-cache';

/** What headers of callers whom this process knows come to, so that the same one is not hashed for each of their requests. */
export interface KnownDigests {
  get(header: string): string | undefined;
  keep(header: string, digest: string): void;
  /** For a header that speaks for nobody any more: credentials are not held for longer than they are of use. */
  forget(header: string): void;
}

const MOST = 1_000;
/** Longer ones are hashed each time. */
const LONGEST = 1_000;

/** Says nothing of whether credentials are valid: whoever has a digest looks that up. */
export const createKnownDigests = (): KnownDigests => {
  const digests = new LRUCache<string, string>({ max: MOST });
  return {
    get: (header) => digests.get(header),
    keep(header, digest) {
      if (header.length <= LONGEST) digests.set(header, digest);
    },
    forget: (header) => void digests.delete(header),
  };
};
