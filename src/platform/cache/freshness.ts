import { AppError } from '../../kernel/app-error.ts';
import { type ConsistencyToken, reaches } from '../../kernel/consistency-token.ts';
import type { Following } from './call.ts';
import type { CacheEntry } from './entry.ts';
import { cachePolicies } from './policies.ts';

/** Entries live so long at most while this process can't be sure to be told of writes. */
export const UNCONFIRMED_MS = 5_000;

/** Whether the entry holds what the token's holder has seen. */
export const isNewEnough = (
  { includes }: Pick<CacheEntry, 'includes'>,
  token: ConsistencyToken | null,
  following: Following,
): boolean => token === null || reaches(includes, token) || following.hasTold(token);

const isCertain = ({ filledAt }: CacheEntry, following: Following, now: number): boolean =>
  Math.min(now - filledAt, following.ageMs()) <= UNCONFIRMED_MS;

/** Whether the entry may be given to the token's holder now. */
export const isFresh = (entry: CacheEntry, token: ConsistencyToken | null, following: Following, now: number) =>
  entry.expiresAt > now && isCertain(entry, following, now) && isNewEnough(entry, token, following);

/** Whether the entry may stand in, marked as old, for a source that failed so. */
export const mayStandIn = (
  entry: CacheEntry,
  token: ConsistencyToken | null,
  following: Following,
  now: number,
  error: unknown,
): boolean =>
  error instanceof AppError &&
  (error.kind === 'unavailable' || error.kind === 'timeout') &&
  now < entry.expiresAt + cachePolicies[entry.type].graceMs &&
  isNewEnough(entry, token, following);
