import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

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
  /** Counts calls, a minute at a time, in this process; null for kinds without a limit. */
  (counted: Counted, calls: number): Promise<Quota> | null;
  /** Whether so many calls would be too many now; counts none. */
  wouldExceed(counted: Counted, calls: number): Promise<boolean>;
}

/** `limits` are calls a minute; 0 is none. Time goes by the machine's clock. */
export const createRateLimits = (limits: Record<CallerKind, number>): RateLimits => {
  const limiters = new Map(
    Object.entries(limits)
      .filter(([, points]) => points > 0)
      .map(([kind, points]) => [kind, new RateLimiterMemory({ keyPrefix: '', points, duration: WINDOW_SECONDS })]),
  );
  const count = ({ kind, key }: Counted, calls: number) => {
    const limiter = limiters.get(kind);
    if (!limiter) return null;
    const quotaOf = (exceeded: boolean) => (counted: unknown) => {
      // What is refused rejects with the same facts.
      if (!(counted instanceof RateLimiterRes)) throw counted;
      const resetSeconds = Math.max(1, Math.ceil(counted.msBeforeNext / 1_000));
      return { kind, limit: limits[kind], remaining: counted.remainingPoints, resetSeconds, exceeded };
    };
    return limiter.consume(key, calls).then(quotaOf(false), quotaOf(true));
  };
  return Object.assign(count, {
    async wouldExceed({ kind, key }: Counted, calls: number) {
      const standing = await limiters.get(kind)?.get(key);
      return standing ? standing.remainingPoints < calls : false;
    },
  });
};
