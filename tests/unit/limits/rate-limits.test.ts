import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRateLimits } from '../../../src/transport/limits/rate-limits.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const limits = () => createRateLimits({ anonymous: 3, publishable: 5, secret: 0, user: 0 });

test('a minute after the first call, counting starts anew', async () => {
  const count = limits();
  const ann = { kind: 'anonymous', key: '203.0.113.7' } as const;
  expect(await count(ann, 1)).toMatchObject({ limit: 3, remaining: 2, resetSeconds: 60, exceeded: false });
  vi.advanceTimersByTime(20_500);
  expect(await count(ann, 2)).toMatchObject({ remaining: 0, resetSeconds: 40, exceeded: false });
  expect(await count(ann, 1)).toMatchObject({ remaining: 0, resetSeconds: 40, exceeded: true });
  vi.advanceTimersByTime(39_500);
  expect(await count(ann, 1)).toMatchObject({ remaining: 2, resetSeconds: 60, exceeded: false });
});

test('kinds and keys are counted apart, and a kind without a limit is not counted', async () => {
  const count = limits();
  await count({ kind: 'anonymous', key: 'a' }, 3);
  expect(await count({ kind: 'anonymous', key: 'b' }, 1)).toMatchObject({ exceeded: false });
  expect(await count({ kind: 'publishable', key: 'a' }, 1)).toMatchObject({ limit: 5, remaining: 4 });
  expect(count({ kind: 'secret', key: 'a' }, 1_000)).toBeNull();
});

test('who is counted in this process waits for nothing', () => {
  const count = limits();
  const ann = { kind: 'anonymous', key: '203.0.113.7' } as const;
  expect(count(ann, 3)).toMatchObject({ remaining: 0, exceeded: false });
  expect(count.wouldExceed(ann, 1)).toBe(true);
  expect(count.wouldExceed({ ...ann, key: '203.0.113.8' }, 4)).toBe(false);
  expect(count(ann, 1)).toMatchObject({ remaining: 0, exceeded: true });
});
