import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { connected, createBreaker } from '../../platform/cache/index.ts';
import type { Standing, WindowCounts } from './window-counts.ts';

/** Where processes count together. */
export interface SharedCounts {
  redis: Redis;
  /** Before every key. */
  prefix: string;
  nowMs: () => number;
}

/** As WindowCounts, for counts that may have to be asked for. */
export interface Limiter {
  count(key: string, calls: number): Standing | Promise<Standing>;
  standing(key: string): Standing | null | Promise<Standing | null>;
}

const standingOf = ({ consumedPoints, msBeforeNext }: RateLimiterRes): Standing => ({
  consumed: consumedPoints,
  leftMs: msBeforeNext,
});

const higher = (own: Standing, other: Standing | null): Standing =>
  other && other.consumed >= own.consumed ? other : own;

/**
 * Counts in Redis, and in this process besides, in a window that ends with the one in Redis; the higher count holds. So what
 * Redis does not count, having no memory left, too much to do or no connection, is counted by this process from where it stood.
 */
export const sharedLimiter = (
  { redis, prefix, nowMs }: SharedCounts,
  { kind, points, windowSeconds }: { kind: string; points: number; windowSeconds: number },
  own: WindowCounts,
): Limiter => {
  const breaker = createBreaker({ nowMs, onChange: () => {} });
  const inRedis = new RateLimiterRedis({
    ...{ storeClient: redis, keyPrefix: `${prefix}${kind}`, points, duration: windowSeconds },
  });
  // Addresses and ids of callers stay in this process.
  const nameOf = (key: string): string => hash('sha256', key, 'base64url');
  const ask = <Answer>(command: () => Promise<Answer>): Promise<Answer> =>
    breaker.run(async () => {
      await connected(redis);
      return command();
    });
  return {
    count(key, calls) {
      const counted = own.count(key, calls);
      return ask(() =>
        inRedis.consume(nameOf(key), calls).catch((thrown: unknown) => {
          // What is refused rejects too, and is an answer of Redis.
          if (thrown instanceof RateLimiterRes) return thrown;
          throw thrown;
        }),
      ).then(
        (answer) => {
          const shared = standingOf(answer);
          own.endWithin(key, shared.leftMs);
          return higher(counted, shared);
        },
        () => counted,
      );
    },
    standing: (key) =>
      ask(() => inRedis.get(nameOf(key))).then(
        (found) => {
          const counted = own.standing(key);
          const shared = found && standingOf(found);
          return counted ? higher(counted, shared) : shared;
        },
        () => own.standing(key),
      ),
  };
};
