import type { RedisAnalysis } from '../../platform/cache/index.ts';
import { grouped, percent, section, size } from './page-parts.ts';

/** What Redis says of itself, for people; empty when none is used. */
export const redisSection = (redis: RedisAnalysis | null): string => {
  if (!redis) return '';
  if ('away' in redis) return `Redis\ndoes not answer: ${redis.away}\n\n`;
  const { usedBytes, peakBytes, maxBytes, evictionPolicy, hitRatio, evictedKeys, expiredKeys, slowCommands } = redis;
  const facts = [
    `version ${redis.version}, up for ${grouped(redis.uptimeSeconds)} s, ${grouped(redis.clients)} clients`,
    `memory ${size(usedBytes)}, at most ${size(peakBytes)} so far, limit ${maxBytes === null ? 'none' : size(maxBytes)} (${evictionPolicy})`,
    `found ${percent(hitRatio)} of ${grouped(redis.hits + redis.misses)} look-ups; ${grouped(evictedKeys)} keys evicted, ${grouped(expiredKeys)} expired`,
  ];
  const rows = (slowCommands ?? []).map(({ command, times, longestMs, totalMs }) => [
    ...[command, grouped(times), longestMs.toFixed(2), totalMs.toFixed(2)],
  ]);
  const none = slowCommands ? 'none' : 'this login may not read the slow log';
  return `Redis\n${facts.join('\n')}\n\n${section('Slow commands of Redis', ['COMMAND', 'TIMES', 'LONGEST MS', 'TOTAL MS'], rows, none)}`;
};
