import { expect, it } from 'vitest';
import { createBatching } from '../../../src/features/commands/batching.ts';

/** Batching whose batches end when they are told to, with the calls of each batch so far. */
const open = (most: number, atOnce: number) => {
  const batches: { calls: string[]; end: (answers?: string[]) => void; fail: (error: Error) => void }[] = [];
  const call = createBatching<string, string>({
    most,
    atOnce,
    run: (calls) =>
      new Promise((resolve, reject) => {
        batches.push({ calls, end: (answers = calls.map((one) => `${one}!`)) => resolve(answers), fail: reject });
      }),
  });
  return { call, batches, calls: () => batches.map((batch) => batch.calls.join('')) };
};

/** Lets all that is settled take effect. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

it('calls start at once while there is a batch to spare; those that come meanwhile are the next one, in their order', async () => {
  const { call, batches, calls } = open(10, 2);
  const answers = [...'abcd'].map((one) => call('tenant', one));
  expect(calls()).toEqual(['a', 'b']);
  batches[1]?.end();
  await settled();
  expect(calls()).toEqual(['a', 'b', 'cd']);
  batches[0]?.end();
  batches[2]?.end();
  expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'c!', 'd!']);
  void call('tenant', 'e');
  expect(calls()).toEqual(['a', 'b', 'cd', 'e']);
});

it('a batch has no more calls than the most', async () => {
  const { call, batches, calls } = open(2, 1);
  for (const one of 'abcd') void call('tenant', one);
  batches[0]?.end();
  await settled();
  batches[1]?.end();
  await settled();
  expect(calls()).toEqual(['a', 'bc', 'd']);
});

it('the calls of a batch fail together, and those behind them go on', async () => {
  const { call, batches, calls } = open(10, 1);
  const answers = [...'abc'].map((one) => call('tenant', one));
  batches[0]?.end();
  await settled();
  const later = call('tenant', 'd');
  batches[1]?.fail(new Error('cut'));
  expect(await Promise.allSettled(answers.slice(1))).toMatchObject([
    { reason: Error('cut') },
    { reason: Error('cut') },
  ]);
  await settled();
  expect(calls()).toEqual(['a', 'bc', 'd']);
  batches[2]?.end([]);
  await expect(later).rejects.toThrow('another number of answers');
});

it('one tenant’s calls neither wait for another’s nor share their batch', () => {
  const { call, calls } = open(10, 1);
  void call('one', 'a');
  void call('other', 'b');
  expect(calls()).toEqual(['a', 'b']);
});
