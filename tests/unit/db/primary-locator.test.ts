import { expect, test } from 'vitest';
import { createPrimaryLocator, type HostState } from '../../../src/platform/db/primary-locator.ts';

const leads = (timeline = '00000001'): HostState => ({ leads: true, timeline });
const follows = (timeline = '00000001'): HostState => ({ leads: false, timeline });
const refuses = new Error('connection refused');

/** Lets everything happen that waits for nobody. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Hosts that say what they are told to, once that is known, a host without words being silent, and a clock that goes on while
 * somebody pauses.
 */
const world = (said: Record<string, HostState | Promise<HostState> | Error | null>) => {
  let now = 0;
  const asked: string[] = [];
  const moves: string[] = [];
  const locator = createPrimaryLocator({
    hosts: Object.keys(said),
    async ask(host) {
      asked.push(host);
      const words = said[host];
      if (!words) return new Promise<never>(() => {});
      if (words instanceof Error) throw words;
      return words;
    },
    nowMs: () => now,
    async pause(ms) {
      now += ms;
    },
  });
  locator.onMoved((host) => moves.push(host));
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...locator, said, asked, moves, pass };
};

test('the host that takes writes is found once for all who ask, and remembered', async () => {
  const { locate, asked } = world({ a: follows(), b: leads() });
  expect(await Promise.all([locate(), locate()])).toEqual(['b', 'b']);
  expect(await locate()).toBe('b');
  expect(asked).toEqual(['a', 'b']);
});

test('a host that says nothing keeps nobody waiting once it is known which timeline is led on', async () => {
  const { locate, doubt, said } = world({ a: follows(), b: leads() });
  await locate();
  said.a = null;
  doubt();
  expect(await locate()).toBe('b');
});

test('a process that knows nothing yet waits for all: the first that leads may have been replaced', async () => {
  const slow = Promise.withResolvers<HostState>();
  const { locate } = world({ a: leads(), b: slow.promise });
  const located = locate();
  await settle();
  slow.resolve(leads('00000002'));
  expect(await located).toBe('b');
});

test('one that says late that it has replaced the primary is moved to, as it would be in time', async () => {
  const { locate, doubt, said, moves } = world({ a: leads(), b: follows() });
  await locate();
  const slow = Promise.withResolvers<HostState>();
  said.b = slow.promise;
  doubt();
  expect(await locate()).toBe('a');
  slow.resolve(leads('00000002'));
  await settle();
  expect(moves).toEqual(['b']);
});

test('a primary that is slow to answer is waited for while one that it has replaced is quick', async () => {
  const { locate, doubt, said, pass } = world({ a: refuses, b: leads('00000002') });
  await locate();
  const slow = Promise.withResolvers<HostState>();
  Object.assign(said, { a: leads(), b: slow.promise });
  pass(1_000);
  doubt();
  const located = locate();
  await settle();
  slow.resolve(leads('00000002'));
  expect(await located).toBe('b');
});

test('a review hears also who is slow to answer', async () => {
  const { locate, review, said, moves } = world({ a: leads(), b: follows() });
  await locate();
  const slow = Promise.withResolvers<HostState>();
  said.b = slow.promise;
  const reviewed = review();
  await settle();
  slow.resolve(leads('00000002'));
  await reviewed;
  expect(moves).toEqual(['b']);
});

test('a primary is gone from when a review hears that it was replaced, also before the other one leads', async () => {
  const { locate, review, said } = world({ a: leads(), b: follows() });
  await locate();
  said.b = follows('00000002');
  await review();
  await expect(locate()).rejects.toMatchObject({ code: '08006' });
});

test.each([
  ['is given up once all agree on an earlier one', {}, true],
  ['is kept while one of them says nothing', { b: refuses }, false],
  ['is kept while one of them is on it', { b: follows('00000002') }, false],
])('a timeline that a standby was promoted to by mistake %s', async (_, meanwhile, isGivenUp) => {
  const { locate, doubt, said, pass } = world({ a: leads(), b: leads('00000002') });
  expect(await locate()).toBe('b');
  Object.assign(said, { b: follows(), ...meanwhile });
  const found: string[] = [];
  doubt();
  for (let looks = 0; looks < 12; looks++) {
    found.push(await locate().catch(() => 'none'));
    pass(1_000);
  }
  expect(found.slice(0, 4)).toEqual(['none', 'none', 'none', 'none']);
  expect(found.at(-1)).toBe(isGivenUp ? 'a' : 'none');
});

test('one that is doubted is looked for anew, and who is connected to it is told of another', async () => {
  const { locate, doubt, said, moves } = world({ a: leads(), b: follows() });
  await locate();
  Object.assign(said, { a: refuses, b: leads('00000002') });
  doubt('b');
  expect(await locate()).toBe('a');
  doubt('a');
  expect(await locate()).toBe('b');
  expect(moves).toEqual(['b']);
});

test('one that is doubted and leads on is kept', async () => {
  const { locate, doubt, asked, moves } = world({ a: leads(), b: leads() });
  await locate();
  doubt();
  expect(await locate()).toBe('a');
  expect(asked).toHaveLength(4);
  expect(moves).toEqual([]);
});

test.each([
  ['leads too', leads('00000002')],
  ['is on its way to lead', follows('00000002')],
])(
  'a primary that was replaced and does not know is not gone to while the one of a later timeline %s',
  async (_, b) => {
    const { locate, said, pass } = world({ a: leads(), b });
    if (b.leads) expect(await locate()).toBe('b');
    else await expect(locate()).rejects.toMatchObject({ code: '08006' });
    said.b = refuses;
    pass(10_000);
    if (b.leads) expect(await locate()).toBe('b');
    else await expect(locate()).rejects.toMatchObject({ code: '08006' });
  },
);

test('once a later timeline was heard of, the earlier one is not gone back to, also when nobody else answers', async () => {
  const { locate, doubt, said, pass } = world({ a: refuses, b: leads('00000002') });
  await locate();
  Object.assign(said, { a: leads(), b: refuses });
  pass(1_000);
  doubt();
  await expect(locate()).rejects.toMatchObject({ code: '08006' });
});

test('while none leads, who asks is refused at once, and the hosts are asked less and less often', async () => {
  const { locate, asked, pass } = world({ a: refuses });
  await expect(locate()).rejects.toBe(refuses);
  const times = () => asked.length;
  await expect(locate()).rejects.toBe(refuses);
  expect(times()).toBe(1);
  for (let ms = 0; ms < 10_000; ms += 10) {
    await expect(locate()).rejects.toBe(refuses);
    pass(10);
  }
  expect(times()).toBeGreaterThan(9);
  expect(times()).toBeLessThan(16);
});

test('a primary that was replaced unnoticed is found out by a review, and kept when that finds nothing', async () => {
  const { locate, review, said, moves, asked } = world({ a: leads(), b: follows() });
  await locate();
  Object.assign(said, { a: refuses, b: refuses });
  await review();
  expect(await locate()).toBe('a');
  Object.assign(said, { a: leads(), b: leads('00000002') });
  await review();
  expect(await locate()).toBe('b');
  expect(moves).toEqual(['b']);
  expect(asked).toHaveLength(6);
});

test('that a host leads is certain only when all have answered', async () => {
  const { locate, standingOf, said, pass, asked } = world({ a: leads(), b: refuses });
  await locate();
  expect(await standingOf('a')).toBe('unsure');
  said.b = follows();
  pass(1_000);
  expect(await standingOf('a')).toBe('primary');
  const times = asked.length;
  expect(await standingOf('a')).toBe('primary');
  expect(asked).toHaveLength(times);
  pass(1_000);
  said.b = leads('00000002');
  expect(await standingOf('a')).toBe('replaced');
});

test('however often it is asked where a host stands, the hosts are asked once a second, and nobody else waits for them', async () => {
  const { locate, standingOf, said, asked, pass } = world({ a: leads(), b: refuses });
  await locate();
  const times = asked.length;
  const slow = Promise.withResolvers<HostState>();
  said.b = slow.promise;
  const standings = [standingOf('a'), standingOf('a')];
  expect(await locate()).toBe('a');
  slow.reject(refuses);
  expect(await Promise.all(standings)).toEqual(['unsure', 'unsure']);
  for (let ms = 0; ms < 1_000; ms += 100) {
    expect(await standingOf('a')).toBe('unsure');
    pass(100);
  }
  expect(asked).toHaveLength(times + 2);
  await standingOf('a');
  expect(asked).toHaveLength(times + 4);
});
