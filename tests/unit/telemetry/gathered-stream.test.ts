import { expect, test, vi } from 'vitest';
import { gatheredStream } from '../../../src/platform/telemetry/gathered-stream.ts';

test('lines of one moment are written together, in order, and what is left when it is asked for', () => {
  vi.useFakeTimers();
  const written: string[] = [];
  const stream = gatheredStream({ write: (text) => written.push(text) });
  stream.write('a\n');
  stream.write('b\n');
  expect(written).toEqual([]);
  vi.advanceTimersByTime(20);
  expect(written).toEqual(['a\nb\n']);
  stream.write('c\n');
  stream.flush();
  vi.advanceTimersByTime(100);
  expect(written).toEqual(['a\nb\n', 'c\n']);
  stream.write('x'.repeat(70_000));
  expect(written).toHaveLength(3);
  vi.useRealTimers();
});
