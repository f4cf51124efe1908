import { setTimeout as delay } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import { redisOptionsOf } from './redis-url.ts';

export interface RedisClientOptions {
  url: string;
  /** Longest wait for an answer, in milliseconds. */
  timeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 2_000;
const MOST_BETWEEN_CONNECTS_MS = 1_000;

/** A client that never delays: no command waits for a connection, and none is repeated. Connects by `connected`. */
export const openRedis = ({ url, timeoutMs }: RedisClientOptions): Redis => {
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
  return redis;
};

/** The client, connected if it was never asked before, for which no longer is waited than for an answer. */
export const connected = async <Client extends Redis>(redis: Client): Promise<Client> => {
  if (redis.status !== 'wait') return redis;
  const connecting = redis.connect();
  // Whoever does not wait for it any more has been told otherwise.
  connecting.catch(() => {});
  await Promise.race([connecting, delay(redis.options.commandTimeout, undefined, { ref: false })]);
  return redis;
};
