import { connected, openRedis, type RedisClientOptions } from './redis-client.ts';

const BATCH = 500;
const MOST_MS = 10_000;

/**
 * Drops the keys that fit a pattern of Redis', by a connection of its own and without holding Redis up; answers how many. Keys that
 * come meanwhile may stay, and after ten seconds it stops. Null where Redis does not answer.
 */
export const dropKeys = async (options: RedisClientOptions, pattern: string): Promise<number | null> => {
  const redis = openRedis(options);
  const startedAt = performance.now();
  let dropped = 0;
  try {
    await connected(redis);
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', BATCH);
      if (keys.length) dropped += await redis.unlink(...keys);
      cursor = next;
    } while (cursor !== '0' && performance.now() - startedAt < MOST_MS);
    return dropped;
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
};
