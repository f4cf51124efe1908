import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createConcurrencyLimit } from '../../../src/transport/limits/concurrency-limit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Work that lasts until it is told to end. */
const held = () => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: vi.fn(() => promise), end: () => resolve('done'), fail: () => reject(new Error('failed')) };
};

const limitOf = (most: number, mostWaiting: number) => createConcurrencyLimit({ most, mostWaiting, waitMs: 1_000 });
const OVERLOADED = { kind: 'unavailable', code: 'OVERLOADED', retryable: true, details: { retryAfterSeconds: 1 } };

test('work runs at once while there is room, then waits, then is refused at once', async () => {
  const limit = limitOf(2, 1);
  const jobs = [held(), held(), held(), held()];
  const [first, , third, fourth] = jobs.map(({ work }) => limit.run(work));
  await expect(fourth).rejects.toMatchObject(OVERLOADED);
  expect(jobs.map(({ work }) => work.mock.calls.length)).toEqual([1, 1, 0, 0]);
  expect(limit).toMatchObject({ running: 2, waiting: 1 });
  jobs[0]?.end();
  await expect(first).resolves.toBe('done');
  expect(jobs[2]?.work).toHaveBeenCalledOnce();
  jobs[1]?.end();
  jobs[2]?.end();
  await expect(third).resolves.toBe('done');
  expect(limit).toMatchObject({ running: 0, waiting: 0 });
});

test('work that fails gives its place on', async () => {
  const limit = limitOf(1, 1);
  const [first, second] = [held(), held()];
  const failed = expect(limit.run(first.work)).rejects.toThrow('failed');
  const next = limit.run(second.work);
  first.fail();
  await failed;
  second.end();
  await expect(next).resolves.toBe('done');
  expect(limit.running).toBe(0);
});

test.for([
  ['the limit’s own patience', {}, 1_000],
  ['less, where less is left', { waitMs: 50 }, 50],
  ['never more', { waitMs: 5_000 }, 1_000],
] as const)('whoever waits is refused after %s, and never runs', async ([, impatience, afterMs]) => {
  const limit = limitOf(1, 1);
  const [first, second] = [held(), held()];
  const running = limit.run(first.work);
  let refused: unknown;
  const waiting = limit.run(second.work, impatience).catch((error: unknown) => {
    refused = error;
  });
  await vi.advanceTimersByTimeAsync(afterMs - 1);
  expect(refused).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(refused).toMatchObject(OVERLOADED);
  expect(limit.waiting).toBe(0);
  first.end();
  await Promise.all([running, waiting]);
  expect(second.work).not.toHaveBeenCalled();
});

test('whoever has left is dropped from the queue, and leaves nothing behind', async () => {
  const limit = limitOf(1, 2);
  const [first, second, third] = [held(), held(), held()];
  const gone = new AbortController();
  const running = limit.run(first.work);
  const dropped = limit.run(second.work, { signal: gone.signal });
  const next = limit.run(third.work, { signal: new AbortController().signal });
  gone.abort();
  await expect(dropped).rejects.toMatchObject({ code: 'CLIENT_GONE' });
  await expect(limit.run(second.work, { signal: gone.signal })).rejects.toMatchObject({ code: 'CLIENT_GONE' });
  expect(limit.waiting).toBe(1);
  first.end();
  third.end();
  await Promise.all([running, next]);
  expect(second.work).not.toHaveBeenCalled();
  expect(getEventListeners(gone.signal, 'abort')).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('whatever comes, goes and gives up in whatever order, no more run than may and all places come back', async () => {
  const step = fc.record({ act: fc.constantFrom('come', 'end', 'leave'), which: fc.nat(20) });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.nat(4),
      fc.array(step, { maxLength: 60 }),
      async (most, mostWaiting, steps) => {
        const limit = limitOf(most, mostWaiting);
        const jobs: { end: () => void; gone: AbortController; settled: Promise<unknown> }[] = [];
        let running = 0;
        let mostSeen = 0;
        for (const { act, which } of steps) {
          if (act === 'come') {
            const { promise, resolve } = Promise.withResolvers<void>();
            const gone = new AbortController();
            const work = async () => {
              running += 1;
              mostSeen = Math.max(mostSeen, running);
              await promise;
              running -= 1;
            };
            const settled = limit.run(work, { signal: gone.signal }).catch(() => {});
            jobs.push({ end: resolve, gone, settled });
          } else if (act === 'end') jobs[which]?.end();
          else jobs[which]?.gone.abort();
          await vi.advanceTimersByTimeAsync(0);
          expect(limit.running).toBe(running);
          expect(limit.waiting === 0 || running === most).toBe(true);
        }
        for (const { end } of jobs) end();
        await Promise.all(jobs.map(({ settled }) => settled));
        expect(mostSeen).toBeLessThanOrEqual(most);
        expect(limit).toMatchObject({ running: 0, waiting: 0 });
      },
    ),
    { numRuns: 100 },
  );
});
