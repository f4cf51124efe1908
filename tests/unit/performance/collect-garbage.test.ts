import { expect, test } from 'vitest';
import { createGarbageCollection } from '../../../src/features/performance/collect-garbage.ts';

test('garbage is collected once a minute at most, and who comes sooner is told when to come again', () => {
  let now = 5_000;
  let begun = 0;
  const collect = createGarbageCollection('pod-7', () => now);
  const once = () =>
    collect(() => {
      begun += 1;
    });
  expect(once()).toMatchObject({ host: 'pod-7' });
  now += 59_500;
  expect(once).toThrow(
    expect.objectContaining({ code: 'GARBAGE_COLLECTED_LATELY', retryable: true, details: { retryAfterSeconds: 1 } }),
  );
  expect(begun).toBe(1);
  now += 500;
  expect(once()).toMatchObject({ host: 'pod-7' });
  expect(begun).toBe(2);
});
