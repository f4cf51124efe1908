import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTimers } from '../../../src/platform/jobs/timers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const noFault = (job: string, error: unknown) => expect.unreachable(`${job}: ${error}`);

test('a job runs at once and then at its interval, give or take a tenth', async () => {
  const run = vi.fn(async () => {});
  const timers = startTimers([{ name: 'sweep', everyMs: 1_000, run }], noFault);
  expect(run).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(899);
  expect(run).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(202);
  expect(run).toHaveBeenCalledTimes(2);
  await timers.stop(0);
});

test('a run that takes longer than the interval is never joined by another', async () => {
  let running = 0;
  let most = 0;
  const run = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    running -= 1;
  };
  const timers = startTimers([{ name: 'roll', everyMs: 100, run }], noFault);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(most).toBe(1);
  const stopped = timers.stop(60_000);
  await vi.advanceTimersByTimeAsync(10_000);
  await stopped;
});

test('a run that fails is reported and tried again', async () => {
  const faults: unknown[] = [];
  const run = vi.fn(async () => Promise.reject(new Error('no database')));
  const timers = startTimers([{ name: 'sweep', everyMs: 100, run }], (job, error) => faults.push([job, String(error)]));
  await vi.advanceTimersByTimeAsync(500);
  expect(faults.length).toBeGreaterThan(2);
  expect(faults[0]).toEqual(['sweep', 'Error: no database']);
  await timers.stop(0);
});

test('a stop waits for what runs, and nothing starts after it', async () => {
  let finish = () => {};
  const run = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const timers = startTimers([{ name: 'sweep', everyMs: 100, run }], noFault);
  let stopped = false;
  const stop = timers.stop(60_000).then(() => {
    stopped = true;
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(stopped).toBe(false);
  finish();
  await stop;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(run).toHaveBeenCalledTimes(1);
});

test('a stop calls off what runs, which is no fault', async () => {
  const run = (signal?: AbortSignal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const timers = startTimers([{ name: 'roll', everyMs: 100, run }], noFault);
  await expect(timers.stop(60_000)).resolves.toBeUndefined();
});

test('a stop waits no longer than its grace', async () => {
  vi.useRealTimers();
  const timers = startTimers([{ name: 'stuck', everyMs: 100, run: () => new Promise(() => {}) }], noFault);
  await expect(timers.stop(10)).resolves.toBeUndefined();
});
