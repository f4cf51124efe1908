import { Redis, type RedisOptions } from 'ioredis';
import { redisOptionsOf } from './redis-url.ts';
import { BEGIN, MARK, RELEASE } from './scripts.ts';
import { HISTORY_FIELDS, type Marked, type SharedStore } from './store.ts';

export interface RedisStoreOptions {
  url: string;
  /** Longest wait for an answer, in milliseconds. */
  timeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 2_000;
const MOST_BETWEEN_CONNECTS_MS = 1_000;

/** The shared store in Redis. Connects when it is first asked; nothing waits for a lost connection to come back. */
export const openRedisStore = ({ url, timeoutMs }: RedisStoreOptions): SharedStore => {
  const options: RedisOptions & { replyMapping: 'legacy' } = {
    ...redisOptionsOf(url),
    replyMapping: 'legacy',
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: timeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(MOST_BETWEEN_CONNECTS_MS, 50 * times),
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  const redis = new Redis(options);
  // Each command says so by itself.
  redis.on('error', () => {});

  const connected = async (): Promise<Redis> => {
    if (redis.status === 'wait') await redis.connect();
    return redis;
  };

  return {
    async read(key, historyKey, fields) {
      const client = await connected();
      // In this order: the history is not older than the value.
      const [value, leftMs, found] = await Promise.all([
        client.getBuffer(key),
        client.pttl(key),
        client.hmget(historyKey, ...fields),
      ]);
      return { value, leftMs, fields: found };
    },
    async write(key, value, lifeMs) {
      await (await connected()).set(key, value, 'PX', Math.ceil(lifeMs));
    },
    async history(historyKey) {
      const { id, cursor, at } = HISTORY_FIELDS;
      const found = await (await connected()).hmget(historyKey, id, cursor, at);
      const [knownId, knownCursor, knownAt] = found;
      return knownId && knownCursor && knownAt ? { id: knownId, cursor: knownCursor, at: knownAt } : null;
    },
    async begin(historyKey, { replaces, id, at, cursor, chain, lifeMs }) {
      const args = [replaces ?? '', id, at, cursor, chain, lifeMs];
      return (await (await connected()).eval(BEGIN, 1, historyKey, ...args)) === 1;
    },
    async mark(historyKey, { id, chain, after, since, ends, cursor, at, lifeMs, tags }) {
      const args = [id, chain, after ?? '', since, ends ?? '', cursor, at, lifeMs, ...[...tags].flat()];
      return (await (await connected()).eval(MARK, 1, historyKey, ...args)) as Marked;
    },
    async claim(lockKey, owner, lifeMs) {
      return (await (await connected()).set(lockKey, owner, 'PX', lifeMs, 'NX')) === 'OK';
    },
    async release(lockKey, owner) {
      await (await connected()).eval(RELEASE, 1, lockKey, owner);
    },
    close: () => redis.disconnect(),
  };
};
