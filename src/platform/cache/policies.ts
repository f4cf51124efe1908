/** How answers of one type are kept. Personal and payment data have no type here, and so can't be. */
export interface CachePolicy {
  /** How long an answer counts unless it changes before; adapted between the bounds. */
  ttlMs: number;
  least: number;
  most: number;
  /** How much longer it may stand in, marked as old, while its source fails. */
  graceMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const policy = (ttlMs: number, graceMs: number): CachePolicy => ({ ttlMs, least: ttlMs / 6, most: ttlMs * 4, graceMs });

/** One line for each type of data. */
export const cachePolicies = {
  static: policy(24 * HOUR, 24 * HOUR),
  property: policy(HOUR, HOUR),
  dashboard: policy(HOUR, 0),
  report: policy(15 * MINUTE, 0),
  search: policy(5 * MINUTE, 10 * MINUTE),
  availability: policy(MINUTE, 0),
} satisfies Record<string, CachePolicy>;

export type CacheType = keyof typeof cachePolicies;
export const CACHE_TYPES = Object.keys(cachePolicies) as CacheType[];
