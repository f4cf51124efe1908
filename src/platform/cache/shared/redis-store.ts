import type { Redis } from 'ioredis';
import { connected, openRedis, type RedisClientOptions } from './redis-client.ts';
import { BEGIN, MARK, READ, RELEASE } from './scripts.ts';
import { HISTORY_FIELDS, type Marked, type SharedStore } from './store.ts';

type ReadReply = [value: Buffer | null, leftMs: number, fields: (Buffer | null)[]];

/** What the script of `lookUp` adds to a client. */
interface LooksUp {
  lookUpBuffer(key: string, historyKey: string, ...fields: string[]): Promise<ReadReply>;
}

/** The shared store in Redis. Connects when it is first asked; nothing waits for a lost connection to come back. */
export const openRedisStore = (options: RedisClientOptions): SharedStore => {
  const redis = openRedis(options) as Redis & LooksUp;
  redis.defineCommand('lookUp', { numberOfKeys: 2, lua: READ });

  return {
    async read(key, historyKey, fields) {
      // One command in place of three: it is this process' own time that counts.
      const [value, leftMs, found] = await (await connected(redis)).lookUpBuffer(key, historyKey, ...fields);
      return { value, leftMs, fields: found.map((field) => field?.toString() ?? null) };
    },
    async write(key, value, lifeMs) {
      await (await connected(redis)).set(key, value, 'PX', Math.ceil(lifeMs));
    },
    async history(historyKey) {
      const { id, cursor, at } = HISTORY_FIELDS;
      const found = await (await connected(redis)).hmget(historyKey, id, cursor, at);
      const [knownId, knownCursor, knownAt] = found;
      return knownId && knownCursor && knownAt ? { id: knownId, cursor: knownCursor, at: knownAt } : null;
    },
    async begin(historyKey, { replaces, id, at, cursor, chain, lifeMs }) {
      const args = [replaces ?? '', id, at, cursor, chain, lifeMs];
      return (await (await connected(redis)).eval(BEGIN, 1, historyKey, ...args)) === 1;
    },
    async mark(historyKey, { id, chain, after, since, ends, cursor, at, lifeMs, tags }) {
      const args = [id, chain, after ?? '', since, ends ?? '', cursor, at, lifeMs, ...[...tags].flat()];
      return (await (await connected(redis)).eval(MARK, 1, historyKey, ...args)) as Marked;
    },
    async claim(lockKey, owner, lifeMs) {
      return (await (await connected(redis)).set(lockKey, owner, 'PX', lifeMs, 'NX')) === 'OK';
    },
    async release(lockKey, owner) {
      await (await connected(redis)).eval(RELEASE, 1, lockKey, owner);
    },
    close: () => redis.disconnect(),
  };
};
