import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../src/kernel/app-error.ts';
import { type ConsistencyToken, reaches } from '../../../src/kernel/consistency-token.ts';
import { newVersions, type Versions } from '../../../src/kernel/versions.ts';
import { type Cache, createCache } from '../../../src/platform/cache/index.ts';

const at: ConsistencyToken = { timeline: '00000001', lsn: '0/A' };

let nowMs: number;
let cache: Cache;
beforeEach(() => {
  nowMs = 1_000_000;
  cache = createCache({
    ...{ maxBytes: 40_000, nowMs: () => nowMs, fraction: () => 0 },
    follow: () => ({ hasTold: (token) => reaches(at, token), catchUp: async () => false, ageMs: () => 0 }),
  });
});

const get = (key: string, { text = 'x', takesMs = 0, fails = false } = {}) =>
  cache.get({ type: 'search', tenant: 'a', key, tags: [key], versions: newVersions(null) }, async (own: Versions) => {
    nowMs += takesMs;
    if (fails) throw new AppError('unavailable', 'DATABASE_UNAVAILABLE', 'Away.');
    Object.assign(own, { includes: at, seen: at });
    return text;
  });

test('what look-ups came to is counted by type: hits, misses, fills with their time, old answers, invalidations', async () => {
  await get('one', { takesMs: 30 });
  await get('one');
  await get('one');
  await get('two', { takesMs: 10 });
  nowMs += 6 * 60_000;
  await get('one', { fails: true });
  cache.invalidate('a', ['two', 'unknown'], at);
  const { search, property } = cache.stats().types;
  expect(search).toMatchObject({ hit: 2, fromMemory: 2, miss: 2, fills: 2, fillMs: 40, stale: 1, invalidated: 1 });
  expect(property).toMatchObject({ hit: 0, miss: 0, fills: 0 });
  expect(search.shared).toBeNull();
});

test('what memory holds of a type is what lies there, however it got away', async () => {
  const held = () => cache.stats().types.search.memory;
  await get('one', { text: 'x'.repeat(1_000) });
  const { bytes } = held();
  expect(bytes).toBeGreaterThan(1_000);
  nowMs += 10 * 60_000;
  await get('one', { text: 'x'.repeat(1_000) });
  await get('two', { text: 'x'.repeat(1_000) });
  expect(held()).toEqual({ entries: 2, bytes: 2 * bytes, evicted: 0 });
  cache.invalidate('a', ['two'], at);
  expect(held()).toMatchObject({ entries: 1, bytes });
  for (let key = 0; key < 40; key++) await get(`key ${key}`, { text: 'x'.repeat(500) });
  expect(held()).toMatchObject({ entries: cache.stats().memory.entries, bytes: cache.stats().memory.bytes });
  expect(held().evicted).toBeGreaterThan(20);
  cache.clear();
  expect(held()).toMatchObject({ entries: 0, bytes: 0 });
});

test('the life of each type is told with its bounds', () => {
  expect(cache.stats().types.availability.ttl).toEqual({ nowMs: 60_000, leastMs: 10_000, mostMs: 240_000 });
});

test('what was told is not changed by what comes after', async () => {
  const before = cache.stats();
  await get('one');
  expect(before.types.search).toMatchObject({ miss: 0, memory: { entries: 0 } });
});
