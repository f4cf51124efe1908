import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from '../../../src/embedded/ports.ts';
import { checkThenInsert } from './database-ways.ts';
import { openPlainTables } from './plain-tables.ts';
import { Again, type Way } from './way.ts';

const LOCK_MS = 5_000;
const UNLOCK = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

const startRedis = async (port: number): Promise<ChildProcess | null> => {
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  });
  try {
    await once(child, 'spawn');
    process.once('exit', () => child.kill());
    return child;
  } catch {
    return null;
  }
};

/** Checks and inserts under a lock in Redis, one a room type; null where redis-server is not on PATH. */
export const openRedisWay = async (opened: AsyncDisposableStack, url: string, clients: number): Promise<Way | null> => {
  const port = await freePort(0);
  const server = await startRedis(port);
  if (!server) return null;
  opened.defer(async () => {
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  });
  const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50 });
  opened.defer(() => redis.disconnect());
  redis.on('error', () => {});
  await redis.ping();
  const { pool, stays, nightsOversold } = await openPlainTables(opened, url, 'redis_lock', clients);
  const book = checkThenInsert('begin');
  return {
    name: 'Redis lock',
    async book(wish) {
      const [lock, token] = [`lock:${wish.roomType}`, randomUUID()];
      if ((await redis.set(lock, token, 'PX', LOCK_MS, 'NX')) === null) throw new Again('locked');
      try {
        return await book(pool, wish);
      } finally {
        await redis.eval(UNLOCK, 1, lock, token);
      }
    },
    stays,
    nightsOversold,
  };
};
