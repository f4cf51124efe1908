import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { countedCalls } from '../../../src/transport/limits/counted-calls.ts';

test.for([
  ['/trpc/properties.list', 1],
  ['/trpc/properties.list,rooms.list,rates.get?batch=1&input={"0":{"a":"b,c"}}', 3],
  ['/trpc/properties.list%2Crooms.list%2crates.get?batch=1', 3],
  ['/TRPC/properties.list,rooms.list?batch=1', 2],
  ['http://anywhere/trpc/properties.list,rooms.list?batch=1', 2],
  ['/api/v1/properties/a,b?fields=a,b', 1],
  ['/nowhere', 1],
] as const)('%s counts as so many calls: %d', ([url, calls]) => {
  expect(countedCalls({ url } as IncomingMessage)).toBe(calls);
});

test('a batch counts as such also where a router has taken its mount point off', () => {
  const request = { url: '/a,b', originalUrl: '/trpc/a,b' } as unknown as IncomingMessage;
  expect(countedCalls(request)).toBe(2);
});
