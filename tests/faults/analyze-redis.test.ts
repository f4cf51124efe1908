import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RedisAnalysis, RedisFacts } from '../../src/platform/cache/shared/redis-analysis.ts';
import { testMigrate } from '../support/app.ts';
import { databaseSettings, runCli } from '../support/cli-process.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { REDIS_PASSWORD, startRedis } from './redis-server.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
});
afterAll(() => database.drop());

const TENANT = '019c0000-0000-7000-8000-000000000042';

const analyzed = async (redisUrl: string, ...args: string[]) => {
  const settings = { ...databaseSettings(database), DATABASE_MIGRATION_URL: database.ownerUrl, REDIS_URL: redisUrl };
  const { status, stdout, stderr } = await runCli(['analyze', ...args], settings);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};

const redisOf = async (redisUrl: string): Promise<RedisAnalysis> =>
  (JSON.parse(await analyzed(redisUrl, '--json')) as { redis: RedisAnalysis }).redis;

test('analyze tells what Redis holds and earns, and its slow commands without keys', async () => {
  const redis = await startRedis();
  await redis.ask('config', 'set', 'maxmemory', '50mb');
  await redis.ask('config', 'set', 'maxmemory-policy', 'allkeys-lru');
  await redis.ask('set', `${TENANT}:search`, 'answer');
  await redis.ask('config', 'resetstat');
  await redis.ask('config', 'set', 'slowlog-log-slower-than', '0');
  for (const key of ['search', 'search', 'search', 'gone']) await redis.ask('get', `${TENANT}:${key}`);
  await redis.ask('config', 'set', 'slowlog-log-slower-than', '-1');

  const facts = (await redisOf(redis.url)) as RedisFacts;
  expect(facts).toMatchObject({
    ...{ hits: 3, misses: 1, hitRatio: 0.75, evictedKeys: 0, clients: 1 },
    ...{ maxBytes: 52_428_800, evictionPolicy: 'allkeys-lru' },
  });
  expect(facts.usedBytes).toBeGreaterThan(100_000);
  expect(facts.slowCommands?.find(({ command }) => command === 'get')?.times).toBe(4);

  const page = await analyzed(redis.url);
  expect(page).toContain('found 75.0 % of 4 look-ups; 0 keys evicted');
  expect(page).toMatch(/^get +4 +\d+\.\d\d /m);
  expect(`${page}${JSON.stringify(facts)}`).not.toContain(TENANT);
});

test('a Redis that is away or refuses is said, and fails nothing', async () => {
  const redis = await startRedis();
  const wrong = redis.url.replace(REDIS_PASSWORD, 'wrong-password');
  expect(await redisOf(wrong)).toEqual({ away: expect.stringMatching(/WRONGPASS/) });
  await redis.kill();
  expect(await redisOf(redis.url)).toEqual({ away: expect.stringMatching(/ECONNREFUSED/) });
  expect(await analyzed(redis.url)).toMatch(/^Redis\ndoes not answer: .*ECONNREFUSED/m);
});
