import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWindowCounts } from '../../../src/transport/limits/window-counts.ts';

const started = () => {
  const clock = { ms: 5_000 };
  return { clock, counts: createWindowCounts(60_000, () => clock.ms) };
};

test('a window ends a minute after its first call, whatever else is counted in it', () => {
  const { clock, counts } = started();
  expect(counts.count('a', 3)).toEqual({ consumed: 3, leftMs: 60_000 });
  clock.ms += 59_999;
  expect(counts.count('a', 2)).toEqual({ consumed: 5, leftMs: 1 });
  expect(counts.standing('a')).toEqual({ consumed: 5, leftMs: 1 });
  clock.ms += 1;
  expect(counts.standing('a')).toBeNull();
  expect(counts.count('a', 1)).toEqual({ consumed: 1, leftMs: 60_000 });
});

test('whose window is over is forgotten, and nobody else', () => {
  const { clock, counts } = started();
  for (let n = 0; n < 1_000; n++) counts.count(`${n}`, 1);
  clock.ms += 30_000;
  counts.count('late', 1);
  clock.ms += 30_000;
  counts.count('0', 1);
  expect(counts.size).toBe(2);
  expect(counts.standing('late')).toEqual({ consumed: 1, leftMs: 30_000 });
});

test('counts are those of a list of all calls in which each is looked up', () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), calls: fc.nat(20), passed: fc.nat(50_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { clock, counts } = started();
      const windows: Record<string, { from: number; consumed: number }> = {};
      for (const { key, calls, passed } of steps) {
        clock.ms += passed;
        const window = windows[key];
        const running = window && clock.ms - window.from < 60_000 ? window : { from: clock.ms, consumed: 0 };
        windows[key] = { ...running, consumed: running.consumed + calls };
        const leftMs = running.from + 60_000 - clock.ms;
        expect(counts.count(key, calls)).toEqual({ consumed: running.consumed + calls, leftMs });
      }
    }),
  );
});

test('a window that is told to end sooner does, none is made longer, and those after it are still forgotten', () => {
  const { clock, counts } = started();
  for (const key of ['first', 'sooner', 'last']) counts.count(key, 1);
  counts.endWithin('sooner', 10_000);
  counts.endWithin('last', 90_000);
  counts.endWithin('nobody', 1);
  clock.ms += 10_000;
  expect(counts.standing('sooner')).toBeNull();
  expect(counts.count('sooner', 1)).toEqual({ consumed: 1, leftMs: 60_000 });
  expect(counts.standing('last')).toEqual({ consumed: 1, leftMs: 50_000 });
  clock.ms += 50_000;
  counts.count('new', 1);
  expect(counts.size).toBe(2);
});
