import { expect, test } from 'vitest';
import { newVersions } from '../../../src/kernel/versions.ts';
import { dropBoth } from '../../../src/platform/cache/index.ts';
import { createFakeStore } from './fake-store.ts';
import { at, createLog, startProcess } from './shared-world.ts';

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

const started = async () => {
  const log = createLog();
  const redis = createFakeStore(() => 1_000_000);
  const keys = new Set<string>();
  const store = { ...redis.store };
  store.write = async (key, value, lifeMs) => {
    keys.add(key);
    await redis.store.write(key, value, lifeMs);
  };
  const process = startProcess(log, store, () => 1_000_000, 'one');
  process.start();
  process.look();
  await settled();
  log.grow();
  /** Drops every answer, as Redis does when asked to. */
  const dropShared = async () => {
    for (const key of keys) await redis.store.write(key, Buffer.alloc(0), -1);
    return keys.size;
  };
  return { process, dropShared };
};

test('an answer that a read takes back from Redis while it is being dropped does not stay', async () => {
  const { process, dropShared } = await started();
  await process.get('x', { value: 'bad' });
  await settled();
  const dropped = await dropBoth(
    () => process.cache.dropType('property'),
    async () => {
      expect(await process.get('x', { value: 'good' })).toEqual({ value: 'bad', outcome: 'hit' });
      return dropShared();
    },
  );
  expect(dropped).toEqual({ memory: 2, redis: 1 });
  expect(await process.get('x', { value: 'good' })).toEqual({ value: 'good', outcome: 'miss' });
});

test('an answer that was being filled before is not left in Redis after that was emptied', async () => {
  const { process, dropShared } = await started();
  const source = Promise.withResolvers<void>();
  const call = { type: 'property', tenant: 't', key: 'key of x', tags: ['x'], versions: newVersions(null) } as const;
  const filling = process.cache.get(call, async (own) => {
    await source.promise;
    Object.assign(own, { includes: at(200), seen: at(200) });
    return 'bad';
  });
  await settled();
  const dropping = dropBoth(() => process.cache.dropType('property'), dropShared);
  source.resolve();
  expect(await dropping).toEqual({ memory: 0, redis: 0 });
  expect((await filling).entry.bytes.toString()).toBe('"bad"');
  await settled();
  expect(await process.get('x', { value: 'good' })).toEqual({ value: 'good', outcome: 'miss' });
});
