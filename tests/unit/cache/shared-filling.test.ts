import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../src/kernel/app-error.ts';
import { type ConsistencyToken, reaches } from '../../../src/kernel/consistency-token.ts';
import { newVersions, type Versions } from '../../../src/kernel/versions.ts';
import { type Cache, createCache } from '../../../src/platform/cache/index.ts';

const at = (bytes: number): ConsistencyToken => ({
  timeline: '00000001',
  lsn: `0/${bytes.toString(16).toUpperCase()}`,
});

let nowMs: number;
let told: ConsistencyToken;
let cache: Cache;
beforeEach(() => {
  nowMs = 1_000_000;
  told = at(0);
  cache = createCache({
    maxBytes: 20_000,
    nowMs: () => nowMs,
    fraction: () => 0,
    follow: () => ({
      hasTold: (token) => reaches(told, token),
      catchUp: async (token) => reaches(told, token),
      ageMs: () => 0,
    }),
  });
});

const callWith = (versions: Versions) => ({ type: 'search' as const, tenant: 'a', key: 'k', tags: ['tag'], versions });
const answering = (value: unknown, copy: ConsistencyToken) => async (versions: Versions) => {
  Object.assign(versions, { includes: copy, seen: copy });
  return value;
};

test('whoever takes no older answer does not share the filling of one who does', async () => {
  const begun = Promise.withResolvers<void>();
  const lenient = newVersions(at(50), { acceptsOlder: true });
  const older = cache.get(callWith(lenient), async (versions) => {
    await begun.promise;
    versions.older = true;
    return answering('old', at(40))(versions);
  });
  const strict = newVersions(at(50));
  const { entry } = await cache.get(callWith(strict), answering('new', at(60)));
  begun.resolve();
  expect(entry.bytes.toString()).toBe('"new"');
  expect(strict.older).toBe(false);
  expect((await older).entry.bytes.toString()).toBe('"old"');
  expect(lenient.older).toBe(true);
});

test('an old answer that is taken away while its source fails does not stand in any more', async () => {
  await cache.get(callWith(newVersions(null)), answering('before', at(10)));
  nowMs += 6 * 60_000;
  const failing = async () => {
    cache.invalidate('a', ['tag'], at(20));
    told = at(20);
    throw new AppError('timeout', 'QUERY_TIMEOUT', 'Too long.');
  };
  await expect(cache.get(callWith(newVersions(at(20))), failing)).rejects.toThrow('Too long.');
});

test('an answer never tells its reader to forget what was seen', async () => {
  await cache.get(callWith(newVersions(null)), answering(1, at(10)));
  told = at(90);
  const versions = newVersions(at(80));
  await cache.get(callWith(versions), answering(2, at(90)));
  expect(versions.seen).toEqual(at(80));
});

test('what is filled while everything is cleared is not kept', async () => {
  await cache.get(callWith(newVersions(null)), async (versions) => {
    cache.clear();
    return answering('of the old clock', at(10))(versions);
  });
  const { entry } = await cache.get(callWith(newVersions(null)), answering('of the new', at(10)));
  expect(entry.bytes.toString()).toBe('"of the new"');
});
