import { Redis } from 'ioredis';
import { redisOptionsOf } from './redis-url.ts';

/** What Redis says of itself; counted since it started, or since its statistics were reset. */
export interface RedisFacts {
  version: string;
  uptimeSeconds: number;
  usedBytes: number;
  peakBytes: number;
  /** Null when there is no limit. */
  maxBytes: number | null;
  /** What goes first when memory is full. */
  evictionPolicy: string;
  hits: number;
  misses: number;
  /** Found of what was looked up, 0 to 1; null before anything was. */
  hitRatio: number | null;
  evictedKeys: number;
  expiredKeys: number;
  clients: number;
  /** Commands that took long, the longest first; null where this login may not see them. */
  slowCommands: SlowCommand[] | null;
}

export interface SlowCommand {
  /** Without its arguments: they hold keys, and so tenants. */
  command: string;
  times: number;
  longestMs: number;
  totalMs: number;
}

/** What could be found out; `away` is why nothing was. */
export type RedisAnalysis = RedisFacts | { away: string };

const TIMEOUT_MS = 2_000;
const MOST_ENTRIES = 128;
const KNOWN_NAME = /^[a-z][a-z0-9_.|-]{0,39}$/i;

type SlowEntry = [id: number, at: number, microseconds: number, args: string[], ...rest: unknown[]];

const fieldsOf = (info: string): Map<string, string> =>
  new Map(
    info
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );

const slowCommandsOf = (entries: readonly SlowEntry[]): SlowCommand[] => {
  const found = new Map<string, SlowCommand>();
  for (const [, , microseconds, [name = '']] of entries) {
    // A name that is none was sent by somebody who sent something else there.
    const command = KNOWN_NAME.test(name) ? name.toLowerCase() : '?';
    const ms = microseconds / 1_000;
    const before = found.get(command) ?? { command, times: 0, longestMs: 0, totalMs: 0 };
    const longestMs = Math.max(before.longestMs, ms);
    found.set(command, { command, times: before.times + 1, longestMs, totalMs: before.totalMs + ms });
  }
  return [...found.values()].sort((one, other) => other.longestMs - one.longestMs);
};

const factsOf = (info: ReadonlyMap<string, string>, slowCommands: SlowCommand[] | null): RedisFacts => {
  const count = (name: string) => Number(info.get(name) ?? 0);
  const hits = count('keyspace_hits');
  const misses = count('keyspace_misses');
  return {
    version: info.get('valkey_version') ?? info.get('redis_version') ?? '',
    uptimeSeconds: count('uptime_in_seconds'),
    usedBytes: count('used_memory'),
    peakBytes: count('used_memory_peak'),
    maxBytes: count('maxmemory') || null,
    evictionPolicy: info.get('maxmemory_policy') ?? '',
    ...{ hits, misses, hitRatio: hits + misses > 0 ? hits / (hits + misses) : null },
    evictedKeys: count('evicted_keys'),
    expiredKeys: count('expired_keys'),
    clients: count('connected_clients'),
    slowCommands,
  };
};

/** Asks Redis for its INFO and its slow log, without any key or value; never fails, nor waits for long. */
export const analyzeRedis = async (url: string): Promise<RedisAnalysis> => {
  let fault = 'no answer';
  const redis = new Redis({
    ...redisOptionsOf(url),
    replyMapping: 'legacy',
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    sentinelCommandTimeout: TIMEOUT_MS,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
  });
  redis.on('error', (error) => {
    fault = error.message;
  });
  try {
    await redis.connect();
    const info = fieldsOf(await redis.info());
    const slow = await redis.call('SLOWLOG', 'GET', MOST_ENTRIES).then(
      (entries) => slowCommandsOf(entries as SlowEntry[]),
      () => null,
    );
    return factsOf(info, slow);
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    return { away: said && said !== 'Connection is closed.' ? said : fault };
  } finally {
    redis.disconnect();
  }
};
