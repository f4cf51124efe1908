import { hash } from 'node:crypto';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import type { CacheType } from './policies.ts';

/** An answer as it goes out. */
export interface CacheEntry {
  readonly type: CacheType;
  /** JSON of the procedure's output, in UTF-8. */
  readonly bytes: Buffer;
  /** Weak: the same answer goes out in several codings. */
  readonly etag: string;
  /** It holds all that was committed before this position. */
  readonly includes: ConsistencyToken;
  /** Nothing in it is newer than this. */
  readonly seen: ConsistencyToken;
  readonly tags: readonly string[];
  readonly filledAt: number;
  readonly expiresAt: number;
}

export const etagOf = (bytes: Buffer): string => `W/"${hash('sha1', bytes, 'base64url')}"`;

/** What an entry takes besides its bytes: object, strings, a place in the map. */
const OVERHEAD = 600;
/** Once it is sent: the bytes, the whole answer as text and as bytes, and both codings, which together take less than one of these. */
const COPIES = 4;

export const sizeOf = (key: string, entry: CacheEntry): number =>
  COPIES * entry.bytes.length + 2 * key.length + OVERHEAD;
