import { expect, test } from 'vitest';
import { requestTimeoutMs } from '../../../src/transport/limits/request-deadline.ts';

const settings = { usualMs: 30_000, leastMs: 1_000, longestMs: 120_000 };

test.each([
  [undefined, 30_000],
  ['1', 1_000],
  ['1000', 1_000],
  ['5000', 5_000],
  ['99999999', 120_000],
])('a request that asks for %s has %i ms', (header, ms) => {
  expect(requestTimeoutMs(header, settings)).toBe(ms);
});
