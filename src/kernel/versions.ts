import type { ConsistencyToken } from './consistency-token.ts';

/** How new what a request reads must be, and how new it was. */
export interface Versions {
  /** The newest position that the caller has seen, moved on by a commit; a copy behind it is not read. */
  asked: ConsistencyToken | null;
  /** All that was read or written was there at this position: the token of the answer. */
  seen: ConsistencyToken | null;
  /** What was read includes all that anybody was told of with a token up to this position; null before a read. */
  includes: ConsistencyToken | null;
  /** True when the caller takes an answer older than its token rather than none. */
  readonly acceptsOlder: boolean;
  /** Set when it got one. */
  older: boolean;
}

export const newVersions = (asked: ConsistencyToken | null, { acceptsOlder = false } = {}): Versions => ({
  asked,
  seen: null,
  includes: null,
  acceptsOlder,
  older: false,
});
