import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import type { Versions } from '../../kernel/versions.ts';
import type { CacheEntry } from './entry.ts';
import type { CacheType } from './policies.ts';

/** How well this process is told of a tenant's writes. */
export interface Following {
  /** Whether all that was committed up to the token has been told. */
  hasTold(token: ConsistencyToken): boolean;
  /** The same after looking at once, for a few milliseconds at most. */
  catchUp(token: ConsistencyToken): Promise<boolean>;
  /** Milliseconds since it was last certain that nothing is missing. */
  ageMs(): number;
}

export interface CacheCall {
  type: CacheType;
  tenant: string;
  /** Within the tenant: the procedure and its input. */
  key: string;
  /** What the answer depends on; whatever changes one of them takes the answer away. */
  tags: readonly string[];
  /** Of the request: they bound how old an answer may be, and learn what it has seen. */
  versions: Versions;
}

/** Reads by the versions that it is given, and lets them learn what it has seen. */
export type Work = (versions: Versions) => Promise<unknown>;

/** How a look-up ended: `stale` is an old answer in place of a source that failed. */
export type CacheOutcome = 'hit' | 'miss' | 'stale';

export interface CachedAnswer {
  entry: Pick<CacheEntry, 'bytes' | 'etag'>;
  outcome: CacheOutcome;
}

/** A tag of every answer. */
export const EVERYTHING = '*';

export const keyOf = ({ tenant, key }: CacheCall): string => `${tenant} ${key}`;
export const tagOf = (tenant: string, tag: string): string => `${tenant} ${tag}`;
export const tagsOf = ({ tenant, tags }: CacheCall): string[] => [...tags, EVERYTHING].map((tag) => tagOf(tenant, tag));
