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
  /** How many of the answers that a tenant asks for most are filled ahead, at start and on schedule. */
  warm: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const policy = (ttlMs: number, rest: Pick<CachePolicy, 'graceMs' | 'costly' | 'warm'>): CachePolicy => ({
  ...{ ttlMs, least: ttlMs / 6, most: ttlMs * 4, ...rest },
});

/** One line for each type of data. */
export const cachePolicies = {
  static: policy(24 * HOUR, { graceMs: 24 * HOUR, costly: false, warm: 100 }),
  property: policy(HOUR, { graceMs: HOUR, costly: false, warm: 500 }),
  dashboard: policy(HOUR, { graceMs: 0, costly: true, warm: 20 }),
  report: policy(15 * MINUTE, { graceMs: 0, costly: true, warm: 0 }),
  search: policy(5 * MINUTE, { graceMs: 10 * MINUTE, costly: true, warm: 500 }),
  availability: policy(MINUTE, { graceMs: 0, costly: false, warm: 100 }),
} satisfies Record<string, CachePolicy>;

export type CacheType = keyof typeof cachePolicies;
export const CACHE_TYPES = Object.keys(cachePolicies) as CacheType[];
