import { beforeEach, expect, test, vi } from 'vitest';
import { newVersions } from '../../../src/kernel/versions.ts';
import { createFakeStore } from './fake-store.ts';
import { createLog, type Log, type Process, startProcess } from './shared-world.ts';

let nowMs: number;
let log: Log;
let redis: ReturnType<typeof createFakeStore>;
beforeEach(() => {
  nowMs = 1_000_000;
  log = createLog();
  redis = createFakeStore(() => nowMs);
});

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

const started = async (name: string, catchesUp = false): Promise<Process> => {
  const process = startProcess(log, redis.store, () => nowMs, name, catchesUp);
  process.start();
  process.look();
  await settled();
  return process;
};

/** Filled by one and left for others, from a log that has moved on since the last mark. */
const filledBy = async (process: Process, tag = 'x') => {
  log.grow();
  const answer = await process.get(tag);
  await settled();
  return answer;
};

test('what one process has filled is a hit in the others, also in one that starts later', async () => {
  const one = await started('one');
  const two = await started('two');
  log.write('x');
  one.look();
  two.look();
  await settled();
  expect(await filledBy(one)).toEqual({ value: 1, outcome: 'miss' });
  expect(await two.get('x')).toEqual({ value: 1, outcome: 'hit' });
  const three = await started('three');
  expect(await three.get('x')).toEqual({ value: 1, outcome: 'hit' });
  expect(three.cache.stats().types.property.shared).toMatchObject({ hit: 1, miss: 0 });
});

const peeked = async ({ cache }: Process, tag: string) => {
  const call = {
    type: 'property' as const,
    tenant: 't',
    key: `key of ${tag}`,
    tags: [tag],
    versions: newVersions(null),
  };
  const answer = await cache.peekShared(call);
  return answer && JSON.parse(answer.entry.bytes.toString());
};

test('what another process has left can be had without anything being filled, until it is written', async () => {
  const one = await started('one');
  const two = await started('two');
  await filledBy(one);
  expect(await Promise.all([peeked(two, 'x'), peeked(two, 'x'), peeked(two, 'nothing')])).toEqual([0, 0, undefined]);
  // Those who come together share a look-up, and what nobody has left is no miss before it is filled.
  expect(two.cache.stats().types.property).toMatchObject({ hit: 2, miss: 0, fills: 0, shared: { hit: 1, miss: 0 } });
  log.write('x');
  two.look();
  await settled();
  expect(await peeked(two, 'x')).toBeUndefined();
});

test('a process that starts gives nothing that was written while none ran', async () => {
  await filledBy(await started('one'));
  await filledBy(await started('one again'), 'y');
  log.write('x');
  log.grow();
  const two = await started('two');
  expect(await two.get('x')).toEqual({ value: 1, outcome: 'miss' });
  expect(await two.get('y')).toEqual({ value: 0, outcome: 'hit' });
});

test('nor what a transaction has written that began before the last one told', async () => {
  const one = await started('one');
  const early = log.begin('x');
  log.write('y');
  one.look();
  await settled();
  expect(await filledBy(one)).toMatchObject({ value: 0 });
  log.commit(early);
  log.write('z');
  log.grow();
  const two = await started('two');
  expect(await two.get('x')).toEqual({ value: 1, outcome: 'miss' });
});

test('nor what two transactions have written that became visible in another order than they began', async () => {
  const one = await started('one');
  const early = log.begin('x');
  log.write('x');
  one.look();
  await settled();
  log.commit(early);
  const { value } = await one.get('x', { lag: 1 });
  expect(value).toBe(1);
  await settled();
  expect(await (await started('two')).get('x')).toMatchObject({ value: 2 });
});

test('a write that several processes are told of takes an answer away once', async () => {
  const one = await started('one');
  const two = await started('two');
  log.write('x');
  one.look();
  await settled();
  await filledBy(one);
  log.grow();
  two.look();
  await settled();
  expect(redis.values().length).toBe(1);
  const three = await started('three');
  expect(await three.get('x')).toEqual({ value: 1, outcome: 'hit' });
});

test('who was told of a write is not given what was filled before it, though the store does not know of it yet', async () => {
  const one = await started('one');
  const two = await started('two');
  await filledBy(one);
  log.write('x');
  redis.fail('before');
  two.look();
  await settled();
  redis.fail('never');
  expect(await two.get('x')).toEqual({ value: 1, outcome: 'miss' });
});

test('what was filled from a copy behind a write that another process was told of is not given to those who know of it', async () => {
  const one = await started('one');
  const two = await started('two');
  log.write('x');
  two.look();
  await settled();
  log.grow();
  expect(await one.get('x', { lag: 17 })).toMatchObject({ value: 0 });
  await settled();
  expect(await two.get('x')).toEqual({ value: 1, outcome: 'miss' });
  expect(await (await started('three')).get('x')).toMatchObject({ value: 1 });
});

test('whose token is newer than what was left is given a new one', async () => {
  const one = await started('one');
  const two = await started('two');
  await filledBy(one);
  log.grow();
  expect(await two.get('x', { token: log.position })).toMatchObject({ outcome: 'miss' });
});

test('whose token is newer than what was left is given that once it is known that nothing has changed it', async () => {
  const one = await started('one');
  const two = await started('two', true);
  await filledBy(one);
  expect(await two.get('x', { token: log.position })).toMatchObject({ value: 0, outcome: 'hit' });
  log.write('x');
  expect(await two.get('x', { token: log.position })).toEqual({ value: 1, outcome: 'miss' });
});

test('a store that has forgotten its last minutes brings nothing back', async () => {
  const one = await started('one');
  await filledBy(one);
  const goBack = redis.snapshot();
  log.write('x');
  one.look();
  await settled();
  goBack();
  log.grow();
  const two = await started('two');
  expect(await two.get('x')).toEqual({ value: 1, outcome: 'miss' });
});

test('a mark whose answer is lost is made again before anything is given, though not at once', async () => {
  const one = await started('one');
  await filledBy(one);
  log.write('x');
  redis.fail('after');
  one.look();
  await settled();
  redis.fail('never');
  expect(one.shared.histories.joined('t')).toBeNull();
  const asked = redis.commands;
  one.look();
  expect(redis.commands).toBe(asked);
  nowMs += 1_000;
  one.look();
  await settled();
  expect(one.shared.histories.joined('t')).not.toBeNull();
  expect(await (await started('two')).get('x')).toMatchObject({ value: 1 });
});

test('after a flush everyone begins anew, and shares again', async () => {
  const one = await started('one');
  const two = await started('two');
  await filledBy(one);
  redis.flush();
  expect(await two.get('x')).toMatchObject({ outcome: 'miss' });
  for (const process of [one, two, one]) {
    process.look();
    await settled();
  }
  await filledBy(one, 'y');
  expect(await two.get('y')).toMatchObject({ outcome: 'hit' });
});

test('a database that went back makes what is left worthless', async () => {
  const one = await started('one');
  for (let time = 0; time < 3; time++) log.write('x');
  one.look();
  await settled();
  await filledBy(one);
  log = createLog();
  const two = await started('two');
  log.grow();
  expect(await two.get('x')).toEqual({ value: 0, outcome: 'miss' });
});

test('what is distrusted is not given by anybody, and what comes after is', async () => {
  const one = await started('one');
  await filledBy(one);
  one.shared.histories.distrust();
  one.cache.clear();
  one.look();
  await settled();
  expect(await filledBy(one)).toMatchObject({ outcome: 'miss' });
  expect(await (await started('two')).get('x')).toMatchObject({ outcome: 'hit' });
});

test('an answer lives as long in the second process as it had left', async () => {
  const one = await started('one');
  const two = await started('two');
  await filledBy(one);
  nowMs += 3_599_000;
  two.look();
  expect(await two.get('x')).toMatchObject({ outcome: 'hit' });
  nowMs += 2_000;
  two.look();
  expect(await two.get('x')).toMatchObject({ outcome: 'miss' });
});

test('long answers are compressed, and come out as they went in', async () => {
  const one = await started('one');
  const two = await started('two');
  log.grow();
  const value = { text: 'Zimmer mit Aussicht – 眺め '.repeat(200) };
  await one.get('x', { value });
  await vi.waitUntil(() => redis.values().length === 1);
  expect(redis.values()[0]?.length).toBeLessThan(500);
  expect(await two.get('x')).toEqual({ value, outcome: 'hit' });
});

test('a damaged answer is as good as none', async () => {
  const one = await started('one');
  const two = await started('two');
  await filledBy(one);
  for (const value of redis.values()) value.writeUInt8(0x7f, value.length - 1);
  expect(await two.get('x')).toEqual({ value: 0, outcome: 'miss' });
});

test('what costs much is filled by one process while the others wait', async () => {
  const one = await started('one');
  const two = await started('two');
  log.grow();
  const answers = await Promise.all([one.get('x', { type: 'search' }), two.get('x', { type: 'search' })]);
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['hit', 'miss']);
});

test('a store that fails is left alone after a few tries, and asked again a second later', async () => {
  const one = await started('one');
  redis.fail('before');
  for (let time = 0; time < 20; time++) {
    expect(await one.get(`tag ${time}`)).toMatchObject({ outcome: 'miss' });
    await settled();
  }
  const { errors, answers } = one.cache.stats().shared ?? {};
  expect({ errors, answers }).toEqual({ errors: 5, answers: false });
  redis.fail('never');
  const asked = redis.commands;
  await one.get('other');
  expect(redis.commands).toBe(asked);
  nowMs += 1_000;
  one.look();
  await settled();
  expect(one.cache.stats().shared?.answers).toBe(true);
});
