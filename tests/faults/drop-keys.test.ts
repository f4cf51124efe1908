import { expect, test } from 'vitest';
import { dropKeys } from '../../src/platform/cache/index.ts';
import { startRedis } from './redis-server.ts';

test('keys that fit are dropped from Redis, all others stay, and a Redis that is away is said', async () => {
  const redis = await startRedis();
  for (let n = 0; n < 1_200; n++) await redis.ask('set', `innkeeper:1:t${n % 7}:search:${n}`, 'answer');
  await redis.ask('set', 'innkeeper:1:t1:property:x', 'answer');
  await redis.ask('set', 'innkeeper:2:t1:search:x', 'answer');
  const drop = (pattern: string) => dropKeys({ url: redis.url, timeoutMs: 1_000 }, pattern);
  expect(await drop('innkeeper:1:*:search:*')).toBe(1_200);
  expect(await drop('innkeeper:1:*:search:*')).toBe(0);
  expect(await redis.ask('dbsize')).toBe(2);
  await redis.kill();
  expect(await drop('innkeeper:1:*')).toBeNull();
});
