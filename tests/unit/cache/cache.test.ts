import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../src/kernel/app-error.ts';
import type { ConsistencyToken } from '../../../src/kernel/consistency-token.ts';
import { reaches } from '../../../src/kernel/consistency-token.ts';
import { newVersions, type Versions } from '../../../src/kernel/versions.ts';
import { type Cache, type CacheCall, type CacheType, createCache } from '../../../src/platform/cache/index.ts';

const at = (bytes: number): ConsistencyToken => ({
  timeline: '00000001',
  lsn: `0/${bytes.toString(16).toUpperCase()}`,
});

let nowMs: number;
/** Up to where this process was told of writes, and when it last was. */
let told: { upTo: ConsistencyToken; atMs: number };
/** Up to where looking at once tells. */
let lookTells: ConsistencyToken;
let looks: number;
let cache: Cache;
beforeEach(() => {
  nowMs = 1_000_000;
  told = { upTo: at(0), atMs: nowMs };
  lookTells = at(0);
  looks = 0;
  cache = createCache({
    maxBytes: 20_000,
    nowMs: () => nowMs,
    fraction: () => 0,
    follow: () => ({
      hasTold: (token) => reaches(told.upTo, token),
      async catchUp(token) {
        looks += 1;
        if (reaches(lookTells, told.upTo)) told = { upTo: lookTells, atMs: nowMs };
        return reaches(told.upTo, token);
      },
      ageMs: () => nowMs - told.atMs,
    }),
  });
});

const wait = (ms: number) => {
  nowMs += ms;
  told.atMs = nowMs;
};

interface Asked {
  type?: CacheType;
  tenant?: string;
  key?: string;
  tags?: string[];
  token?: ConsistencyToken | null;
}

const callOf = ({ type = 'search', tenant = 'a', key = 'k', tags = ['tag'], token = null }: Asked): CacheCall => ({
  ...{ type, tenant, key, tags },
  versions: newVersions(token),
});

/** A read of a copy that stands at `copy`, or as far as it was asked to be. */
const reading = (value: unknown, copy: ConsistencyToken) => async (versions: Versions) => {
  const { asked } = versions;
  const position = reaches(copy, asked) ? copy : asked;
  Object.assign(versions, { includes: position, seen: position });
  return value;
};

const get = async (asked: Asked, value: unknown, copy = at(10)) => {
  const call = callOf(asked);
  const { entry, outcome } = await cache.get(call, reading(value, copy));
  return { value: JSON.parse(entry.bytes.toString()), outcome, versions: call.versions };
};

test('what was answered once is answered again, to the same tenant and key only', async () => {
  await get({}, 1);
  expect(await get({}, 2)).toMatchObject({ value: 1, outcome: 'hit' });
  expect(await get({ tenant: 'b' }, 3)).toMatchObject({ value: 3, outcome: 'miss' });
  expect(await get({ key: 'other' }, 4)).toMatchObject({ value: 4, outcome: 'miss' });
});

test('who has seen more than an answer holds gets a new one, unless nothing of it was written since', async () => {
  await get({}, 1, at(10));
  expect(await get({ token: at(10) }, 2)).toMatchObject({ value: 1, outcome: 'hit' });
  expect(await get({ token: at(11) }, 2, at(11))).toMatchObject({ value: 2, outcome: 'miss' });
  told.upTo = at(30);
  expect(await get({ token: at(30) }, 3)).toMatchObject({ value: 2, outcome: 'hit' });
  expect(await get({ token: at(31) }, 3)).toMatchObject({ value: 3, outcome: 'miss' });
});

test('an answer that is older than what its caller has seen is given once a look tells that nothing has changed it', async () => {
  await get({}, 1);
  lookTells = at(40);
  expect(await get({ token: at(30) }, 2)).toMatchObject({ value: 1, outcome: 'hit', versions: { seen: at(30) } });
  expect(looks).toBe(1);
  expect(await get({ token: at(41) }, 3, at(41))).toMatchObject({ value: 3, outcome: 'miss' });
  expect(looks).toBe(2);
});

test('nobody looks for what is not kept, has ended, or holds what its caller has seen', async () => {
  await get({ token: at(5) }, 1);
  await get({ token: at(10) }, 2);
  wait(60 * 60_000);
  await get({ token: at(30) }, 3);
  expect(looks).toBe(0);
});

test('an answer tells its reader how new it may be', async () => {
  await get({}, 1, at(10));
  expect((await get({}, 2)).versions.seen).toEqual(at(10));
});

test('a write takes away what depends on its tags, and nothing of other tags and tenants', async () => {
  await get({ key: 'x', tags: ['one', 'two'] }, 1);
  await get({ key: 'y', tags: ['two'] }, 1);
  await get({ tenant: 'b', key: 'x', tags: ['one'] }, 1);
  cache.invalidate('a', ['one'], at(20));
  expect(await get({ key: 'x', tags: ['one', 'two'] }, 2)).toMatchObject({ value: 2, outcome: 'miss' });
  expect(await get({ key: 'y', tags: ['two'] }, 2)).toMatchObject({ value: 1 });
  expect(await get({ tenant: 'b', key: 'x', tags: ['one'] }, 2)).toMatchObject({ value: 1 });
});

test('an answer is filled from a copy that has the last write of its tags', async () => {
  cache.invalidate('a', ['tag'], at(50));
  const call = callOf({});
  let asked: ConsistencyToken | null = null;
  await cache.get(call, async (versions) => {
    asked = versions.asked;
    return 1;
  });
  expect(asked).toEqual(at(50));
});

test('what a copy behind that write answers all the same is given to its caller and not kept', async () => {
  cache.invalidate('a', ['tag'], at(50));
  const lagging = async (versions: Versions) => {
    Object.assign(versions, { includes: at(40), seen: at(40) });
    return 'old';
  };
  await cache.get(callOf({}), lagging);
  expect(await get({}, 'new', at(50))).toMatchObject({ value: 'new', outcome: 'miss' });
});

test('an answer whose tag is written while it is filled is not kept', async () => {
  await cache.get(callOf({}), async (versions) => {
    cache.invalidate('a', ['tag'], at(10));
    return reading('old', at(10))(versions);
  });
  expect(await get({}, 'new')).toMatchObject({ value: 'new', outcome: 'miss' });
});

test('an answer that read nothing is not kept', async () => {
  await cache.get(callOf({}), async () => 'from nowhere');
  expect(await get({}, 'read')).toMatchObject({ value: 'read' });
});

test('callers of one moment wait for one filling', async () => {
  let fillings = 0;
  const work = async (versions: Versions) => {
    fillings += 1;
    return reading(fillings, at(10))(versions);
  };
  const answers = await Promise.all([1, 2, 3].map(() => cache.get(callOf({}), work)));
  expect(fillings).toBe(1);
  expect(new Set(answers.map(({ entry }) => entry.bytes.toString()))).toEqual(new Set(['1']));
});

test('one who comes after a write does not wait for a filling that began before it', async () => {
  const begun = Promise.withResolvers<void>();
  const slow = cache.get(callOf({}), async (versions) => {
    await begun.promise;
    return reading('old', at(10))(versions);
  });
  cache.invalidate('a', ['tag'], at(20));
  expect(await get({}, 'new', at(20))).toMatchObject({ value: 'new' });
  begun.resolve();
  await slow;
  expect(await get({}, 'newer')).toMatchObject({ value: 'new', outcome: 'hit' });
});

test('an answer ends with its life, and after five seconds where it can’t be known whether it was written', async () => {
  await get({ type: 'availability' }, 1);
  wait(59_000);
  expect(await get({ type: 'availability' }, 2)).toMatchObject({ value: 1 });
  wait(2_000);
  expect(await get({ type: 'availability' }, 2)).toMatchObject({ value: 2 });
  nowMs += 4_999;
  expect(await get({ type: 'availability' }, 3)).toMatchObject({ value: 2 });
  nowMs += 2;
  expect(await get({ type: 'availability' }, 3)).toMatchObject({ value: 3 });
});

describe('while the source fails', () => {
  const failing = async () => {
    throw new AppError('unavailable', 'DATABASE_UNAVAILABLE', 'Away.', { retryable: true });
  };
  const failed = (asked: Asked) => cache.get(callOf(asked), failing).then(({ outcome }) => outcome);

  test('an old answer stands in for a while, and is marked', async () => {
    await get({}, 1);
    wait(6 * 60_000);
    const call = callOf({});
    expect(await cache.get(call, failing)).toMatchObject({ outcome: 'stale' });
    expect(call.versions.older).toBe(true);
    wait(15 * 60_000);
    await expect(failed({})).rejects.toThrow('Away.');
  });

  test('but not for who has seen more, nor for a type that does not allow it', async () => {
    await get({}, 1, at(10));
    await get({ type: 'availability', key: 'nights' }, 1, at(10));
    wait(6 * 60_000);
    await expect(failed({ token: at(11) })).rejects.toThrow('Away.');
    await expect(failed({ type: 'availability', key: 'nights' })).rejects.toThrow('Away.');
  });

  test('and a refusal is no failure of the source', async () => {
    await get({}, 1);
    wait(6 * 60_000);
    const refusing = async () => Promise.reject(new AppError('not_found', 'NOT_FOUND', 'Gone.'));
    await expect(cache.get(callOf({}), refusing)).rejects.toThrow('Gone.');
  });
});

test('what is kept stays within its bytes', async () => {
  for (let i = 0; i < 100; i++) await get({ key: `key ${i}` }, 'x'.repeat(200));
  expect(cache.stats().memory.bytes).toBeLessThanOrEqual(20_000);
  expect(cache.stats().types.search.memory.evicted).toBeGreaterThan(50);
});

test('a type much read and unchanged lives longer and longer, one that changes every ten seconds ever shorter', async () => {
  for (let hour = 0; hour < 600; hour++) {
    for (let read = 0; read < 12; read++) await get({ type: 'availability' }, 1);
    wait(60_000);
  }
  expect(cache.stats().types.availability.ttl.nowMs).toBe(240_000);
  for (let change = 0; change < 60; change++) {
    await get({ type: 'availability' }, 1, at(1_000 + change));
    cache.invalidate('a', ['tag'], at(1_000 + change));
    wait(10_000);
  }
  expect(cache.stats().types.availability.ttl.nowMs).toBe(10_000);
});

test('what came before a tenant’s writes were followed is not believed', async () => {
  await get({}, 1);
  cache.forget('a', at(60));
  expect(await get({}, 2, at(10))).toMatchObject({ value: 2, outcome: 'miss', versions: { seen: at(60) } });
});
