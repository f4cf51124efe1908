/** How answers of one type are kept. Personal and payment data have no type here, and so can't be. */
export interface CachePolicy {
  /** How long an answer counts unless it changes before; adapted between the bounds. */
  ttlMs: number;
  least: number;
  most: number;
  /** How much longer it may stand in, marked as old, while its source fails. */
  graceMs: number;
  /** Filled by one process at a time, since that costs more than asking whether another one is at it. */
  costly: boolean;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const policy = (ttlMs: number, graceMs: number, costly = false): CachePolicy => ({
  ...{ ttlMs, least: ttlMs / 6, most: ttlMs * 4, graceMs, costly },
});

/** One line for each type of data. */
export const cachePolicies = {
  static: policy(24 * HOUR, 24 * HOUR),
  property: policy(HOUR, HOUR),
  dashboard: policy(HOUR, 0, true),
  report: policy(15 * MINUTE, 0, true),
  search: policy(5 * MINUTE, 10 * MINUTE, true),
  availability: policy(MINUTE, 0),
} satisfies Record<string, CachePolicy>;

export type CacheType = keyof typeof cachePolicies;
export const CACHE_TYPES = Object.keys(cachePolicies) as CacheType[];
