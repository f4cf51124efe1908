import { expect, onTestFinished, test, vi } from 'vitest';
import { openRedis } from '../../src/platform/cache/index.ts';
import { createRateLimits, type RateLimits } from '../../src/transport/limits/rate-limits.ts';
import { type RealRedis, startRedis } from './redis-server.ts';

const ann = { kind: 'anonymous', key: '203.0.113.7' } as const;

/** A process that counts in Redis. */
const startCounting = ({ url }: RealRedis): RateLimits => {
  const redis = openRedis({ url, timeoutMs: 200 });
  onTestFinished(() => redis.disconnect());
  const limits = { anonymous: 10, publishable: 0, secret: 5, user: 0 };
  return createRateLimits(limits, { redis, prefix: 'test:calls:', nowMs: () => performance.now() });
};

test('processes count a caller together, each caller and kind apart', async () => {
  const redis = await startRedis();
  const [one, other] = [startCounting(redis), startCounting(redis)];
  expect(await one(ann, 6)).toMatchObject({ limit: 10, remaining: 4, exceeded: false });
  expect(await other.wouldExceed(ann, 4)).toBe(false);
  expect(await other.wouldExceed(ann, 5)).toBe(true);
  expect(await other(ann, 4)).toMatchObject({ remaining: 0, exceeded: false });
  expect(await one(ann, 1)).toMatchObject({ remaining: 0, exceeded: true });
  expect((await one(ann, 1))?.resetSeconds).toBeLessThanOrEqual(60);
  expect(await other({ kind: 'anonymous', key: '203.0.113.8' }, 1)).toMatchObject({ remaining: 9 });
  expect(await other({ kind: 'secret', key: ann.key }, 1)).toMatchObject({ limit: 5, remaining: 4 });
});

test('no key in Redis tells whom it counts', async () => {
  const redis = await startRedis();
  await startCounting(redis)(ann, 1);
  const keys = (await redis.ask('keys', '*')) as string[];
  expect(keys).toHaveLength(1);
  expect(keys.join()).not.toContain('203.0.113');
});

test.each([
  ['is killed', (redis: RealRedis) => redis.kill()],
  ['hangs', async (redis: RealRedis) => redis.signal('SIGSTOP')],
] as const)(
  'while Redis %s each process goes on counting from where it stood, and no call fails or waits for long',
  async (_what, fail) => {
    const redis = await startRedis();
    onTestFinished(() => redis.signal('SIGCONT'));
    const [one, other] = [startCounting(redis), startCounting(redis)];
    expect(await one(ann, 3)).toMatchObject({ remaining: 7 });
    await fail(redis);
    const startedAt = performance.now();
    for (let call = 1; call <= 7; call++)
      expect(await one(ann, 1)).toMatchObject({ remaining: 7 - call, exceeded: false });
    expect(await one(ann, 1)).toMatchObject({ exceeded: true });
    expect(await one.wouldExceed(ann, 1)).toBe(true);
    expect(await other(ann, 1)).toMatchObject({ remaining: 9 });
    // Five commands find out, and then nothing is asked.
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  },
);

test('while Redis is full and takes no counts, but tells those it has, each process holds to the limit', async () => {
  const redis = await startRedis();
  const [one, other] = [startCounting(redis), startCounting(redis)];
  expect(await other(ann, 2)).toMatchObject({ remaining: 8 });
  await redis.ask('config', 'set', 'maxmemory', '1');
  for (let call = 1; call <= 10; call++) expect(await one(ann, 1)).toMatchObject({ remaining: 10 - call });
  expect(await one.wouldExceed(ann, 1)).toBe(true);
  expect(await one(ann, 1)).toMatchObject({ exceeded: true });
  expect(await other.wouldExceed(ann, 9)).toBe(true);
  expect(await other.wouldExceed(ann, 8)).toBe(false);
});

test('more calls at once than Redis is asked about are counted all the same', async () => {
  const one = startCounting(await startRedis());
  // Connects, so that Redis is asked from the first one on.
  await one({ kind: 'anonymous', key: '203.0.113.8' }, 1);
  const quotas = await Promise.all(Array.from({ length: 400 }, () => one(ann, 1)));
  expect(quotas.filter((quota) => quota?.exceeded === false)).toHaveLength(10);
});

test('a count that Redis began before this process did ends when Redis says', async () => {
  const redis = await startRedis();
  const one = startCounting(redis);
  expect(await one(ann, 10)).toMatchObject({ remaining: 0 });
  for (const key of (await redis.ask('keys', '*')) as string[]) await redis.ask('pexpire', key, '300');
  expect(await one(ann, 1)).toMatchObject({ exceeded: true, resetSeconds: 1 });
  await vi.waitUntil(async () => !(await one.wouldExceed(ann, 1)), { timeout: 5_000 });
  expect(await one(ann, 1)).toMatchObject({ remaining: 9 });
});
