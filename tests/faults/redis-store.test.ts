import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { openRedisStore } from '../../src/platform/cache/shared/redis-store.ts';
import { HISTORY_FIELDS, type SharedStore } from '../../src/platform/cache/shared/store.ts';
import { createFakeStore } from '../unit/cache/fake-store.ts';
import { startRedis } from './redis-server.ts';

const LIFE_MS = 3_600_000;
const few = (...texts: [string, ...string[]]) => fc.constantFrom(...texts);
const id = few('one', 'one', 'one', 'two');
const chain = few('a', 'b');
const cursor = fc.nat(5).map(String);
const at = few('0000000100000000000000F0', '00000001000000000000F000', '000000010000000100000000');

const begin = fc.record({ id, chain, cursor, at, replaces: fc.option(id), lifeMs: fc.constant(LIFE_MS) });
const mark = fc.record({
  ...{ id, chain, cursor, at, since: cursor, lifeMs: fc.constant(LIFE_MS) },
  after: fc.option(fc.nat(2), { freq: 2 }),
  ends: fc.option(chain),
  tags: fc.dictionary(few('x', 'y:z'), few('event-1', 'event-2')).map((tags) => new Map(Object.entries(tags))),
});

const FIELDS = [...Object.values(HISTORY_FIELDS), '#chain:a', '#chain:b', 'x', 'y:z'];

test('Redis does what its stand-in in the unit tests does', async () => {
  const redis = await startRedis();
  const real = openRedisStore({ url: redis.url, timeoutMs: 5_000 });
  onTestFinished(real.close);
  const step = fc.oneof(
    begin.map((history) => (store: SharedStore) => store.begin('h', history)),
    { weight: 8, arbitrary: mark.map((marking) => (store: SharedStore) => store.mark('h', marking)) },
    fc.uint8Array({ maxLength: 2_000 }).map((bytes) => async (store: SharedStore) => {
      await store.write('k', Buffer.from(bytes), LIFE_MS);
      const { value } = await store.read('k', 'h', ['x']);
      return value?.toString('hex');
    }),
    id.map((owner) => (store: SharedStore) => store.claim('l', owner, LIFE_MS)),
    id.map((owner) => async (store: SharedStore) => store.release('l', owner)),
  );
  let marked = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 80, size: 'max' }), async (steps) => {
      await redis.ask('flushall');
      const { store: fake } = createFakeStore(() => 0);
      for (const run of steps) {
        const answer = await run(real);
        if (answer === 'marked') marked += 1;
        expect(answer).toEqual(await run(fake));
        expect((await real.read('none', 'h', FIELDS)).fields).toEqual((await fake.read('none', 'h', FIELDS)).fields);
        expect(await real.history('h')).toEqual(await fake.history('h'));
      }
    }),
    { numRuns: 100 },
  );
  expect(marked).toBeGreaterThan(100);
});

test('a history that has grown too large is not marked any more', async () => {
  const redis = await startRedis();
  const real = openRedisStore({ url: redis.url, timeoutMs: 5_000 });
  onTestFinished(real.close);
  const history = { id: 'one', chain: 'a', cursor: '1', at: '0000000100000000000000F0', lifeMs: LIFE_MS };
  await real.begin('h', { ...history, replaces: null });
  const tags = new Map(Array.from({ length: 20_001 }, (_, index) => [`tag ${index}`, 'event']));
  const marking = { ...history, since: '', ends: null };
  expect(await real.mark('h', { ...marking, after: 0, tags })).toBe('marked');
  expect(await real.mark('h', { ...marking, after: 1, tags: new Map() })).toBe('full');
});
