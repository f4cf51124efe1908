import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createInnkeeperClient } from '../../src/client/index.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { createProperty } from '../support/hotel.ts';
import { REDIS_PASSWORD, type RealRedis, startRedis } from './redis-server.ts';
import { type Fault, setStage, settingsOn, underFault } from './stage.ts';

const stage = setStage();

const times = (logs: string, message: string) => logs.split(`"msg":"${message}"`).length - 1;

/** Two servers of the product's own that share a Redis, which no request may notice. */
const underRedisFault = async (what: string, redis: RealRedis, fault: Fault, redisUrl = redis.url) => {
  const settings = settingsOn(stage.servers, { REDIS_URL: redisUrl, SLOW_REQUEST_MS: '1000' });
  const { phases, logs } = await underFault(`Redis ${what}`, stage, [settings, settings], fault);
  for (const { reads, writes } of Object.values(phases)) {
    expect({ reads: reads.reasons, writes: writes.reasons }).toEqual({ reads: {}, writes: {} });
    expect(reads.done).toBeGreaterThan(0);
  }
  expect(logs).not.toContain('slow request');
  expect(logs).not.toContain(REDIS_PASSWORD);
  return { phases, logs };
};

test('Redis is killed and comes back empty', async () => {
  const redis = await startRedis();
  const { logs } = await underRedisFault('killed', redis, async (phase) => {
    await phase('before', 2_000);
    await redis.kill();
    await phase('gone', 4_000);
    await redis.start();
    await phase('back', 4_000);
  });
  expect({ away: times(logs, 'Redis does not answer'), back: times(logs, 'Redis answers again') }).toEqual({
    away: 2,
    back: 2,
  });
});

test('Redis hangs', async () => {
  const redis = await startRedis();
  const { logs } = await underRedisFault('hung', redis, async (phase) => {
    await phase('before', 2_000);
    redis.signal('SIGSTOP');
    await phase('hung', 4_000);
    redis.signal('SIGCONT');
    await phase('after', 4_000);
  });
  expect(times(logs, 'Redis does not answer')).toBeGreaterThan(0);
  expect(times(logs, 'Redis answers again')).toBe(times(logs, 'Redis does not answer'));
});

test('Redis is flushed again and again', async () => {
  const redis = await startRedis();
  await underRedisFault('flushed', redis, async (phase) => {
    for (let flush = 1; flush <= 20; flush++) {
      await delay(250);
      await redis.ask('flushall');
    }
    await phase('flushed', 500);
  });
});

test('Redis is full', async () => {
  const redis = await startRedis();
  await underRedisFault('full', redis, async (phase) => {
    await phase('before', 2_000);
    await redis.ask('config', 'set', 'maxmemory', '1000', 'maxmemory-policy', 'noeviction');
    await phase('full', 4_000);
    await redis.ask('config', 'set', 'maxmemory', '0');
    await phase('after', 3_000);
  });
});

test('Redis drops whatever it likes', async () => {
  const redis = await startRedis();
  await redis.ask('config', 'set', 'maxmemory-policy', 'allkeys-random');
  const used = /used_memory:(\d+)/.exec(String(await redis.ask('info', 'memory')))?.[1];
  await underRedisFault('dropping', redis, async (phase) => {
    await phase('before', 1_500);
    await redis.ask('config', 'set', 'maxmemory', String(Number(used) + 600_000));
    await phase('dropping', 4_000);
  });
});

test('the password of Redis is wrong', async () => {
  const redis = await startRedis();
  const wrong = redis.url.replace(REDIS_PASSWORD, 'wrong-password');
  const { logs } = await underRedisFault('refusing', redis, (phase) => phase('refused', 4_000), wrong);
  expect(logs).not.toContain('wrong-password');
  expect(times(logs, 'Redis does not answer')).toBe(2);
});

test('what one process has filled is given by the other, also by one that starts later', async () => {
  const redis = await startRedis();
  const start = async () => {
    const app = await startApp({
      database: { ...stage.servers, drop: async () => {} },
      settings: { REDIS_URL: redis.url, CACHE_POLL_MS: '50', RATE_LIMIT_ANONYMOUS: '0' },
      verified: false,
    });
    onTestFinished(app.close);
    return app;
  };
  const counts = (app: TestApp) => app.application.cache?.stats().types.property.shared;
  const one = await start();
  const made = await createProperty(stage.operator.client(stage.ownerKey), { name: 'Shared' });
  const nameAt = async (app: TestApp) => {
    const client = createInnkeeperClient({ url: app.url, apiKey: stage.ownerKey });
    return (await client.properties.get.query({ propertyId: made.id })).name;
  };
  await vi.waitUntil(
    async () => {
      one.application.cache?.clear();
      expect(await nameAt(one)).toBe('Shared');
      return (counts(one)?.stored ?? 0) > 0;
    },
    { timeout: 10_000, interval: 50 },
  );
  const two = await start();
  await vi.waitUntil(
    async () => {
      expect(await nameAt(two)).toBe('Shared');
      if ((counts(two)?.hit ?? 0) > 0) return true;
      two.application.cache?.clear();
      return false;
    },
    { timeout: 10_000, interval: 50 },
  );
  expect(counts(two)).toMatchObject({ stored: 0 });
});
