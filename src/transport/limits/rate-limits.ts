import { type Limiter, type SharedCounts, sharedLimiter } from './shared-limiter.ts';
import { createWindowCounts, type Standing } from './window-counts.ts';

export type CallerKind = 'anonymous' | 'publishable' | 'secret' | 'user';

/** Who is counted; `key` is one's own within the kind. */
export interface Counted {
  kind: CallerKind;
  key: string;
}

/** Where a caller stands in the minute that runs. */
export interface Quota {
  kind: CallerKind;
  limit: number;
  remaining: number;
  /** Seconds until it starts anew, 1 at least. */
  resetSeconds: number;
  exceeded: boolean;
}

export const WINDOW_SECONDS = 60;

export interface RateLimits {
  /**
   * Counts calls, a minute at a time: in this process at once, or in Redis for all by a promise; null for kinds without a
   * limit.
   */
  (counted: Counted, calls: number): Quota | Promise<Quota> | null;
  /** Whether so many calls would be too many now; counts none. */
  wouldExceed(counted: Counted, calls: number): boolean | Promise<boolean>;
}

/** `limits` are calls a minute; 0 is none. Time goes by the machine's clock. */
export const createRateLimits = (
  limits: Record<CallerKind, number>,
  shared: SharedCounts | null = null,
): RateLimits => {
  const limiters = new Map(
    Object.entries(limits)
      .filter(([, points]) => points > 0)
      .map(([kind, points]): [string, Limiter] => {
        const own = createWindowCounts(WINDOW_SECONDS * 1_000, () => performance.now());
        return [kind, shared ? sharedLimiter(shared, { kind, points, windowSeconds: WINDOW_SECONDS }, own) : own];
      }),
  );
  const quotaOf = (kind: CallerKind, { consumed, leftMs }: Standing): Quota => ({
    kind,
    limit: limits[kind],
    remaining: Math.max(limits[kind] - consumed, 0),
    resetSeconds: Math.max(1, Math.ceil(leftMs / 1_000)),
    exceeded: consumed > limits[kind],
  });
  const count = ({ kind, key }: Counted, calls: number) => {
    const standing = limiters.get(kind)?.count(key, calls);
    if (!standing) return null;
    return standing instanceof Promise ? standing.then((told) => quotaOf(kind, told)) : quotaOf(kind, standing);
  };
  return Object.assign(count, {
    wouldExceed({ kind, key }: Counted, calls: number) {
      const wouldExceed = (standing: Standing | null): boolean =>
        standing !== null && Math.max(limits[kind] - standing.consumed, 0) < calls;
      const standing = limiters.get(kind)?.standing(key) ?? null;
      return standing instanceof Promise ? standing.then(wouldExceed) : wouldExceed(standing);
    },
  });
};
