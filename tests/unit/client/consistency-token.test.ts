import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepTokens } from '../../../src/client/consistency-token.ts';
import { answer, clientAtEdge, done } from './edge.ts';

const position = fc.record({
  timeline: fc.integer({ min: 1, max: 0x20 }),
  high: fc.oneof(fc.integer({ min: 0, max: 0x20 }), fc.nat(0xffff_ffff)),
  low: fc.nat(0xffff_ffff),
});
type Position = typeof position extends fc.Arbitrary<infer T> ? T : never;

const hex = (value: number) => value.toString(16).toUpperCase();
const printed = ({ timeline, high, low }: Position) => `${hex(timeline).padStart(8, '0')}-${hex(high)}/${hex(low)}`;
const ordinal = ({ timeline, high, low }: Position) => (BigInt(timeline) << 64n) | (BigInt(high) << 32n) | BigInt(low);

it('keeps the newest position by timeline and LSN, whatever order answers come in', () => {
  fc.assert(
    fc.property(fc.array(position, { minLength: 1, maxLength: 8 }), (seen) => {
      const tokens = keepTokens();
      for (const one of seen) tokens.note(printed(one));
      const newest = seen.reduce((best, one) => (ordinal(one) > ordinal(best) ? one : best));
      expect(tokens.newest()).toBe(printed(newest));
    }),
  );
});

it.each([null, '', 'garbage', '00000001-0/16B3748x', '1-0/1', '00000001-0/123456789'])('ignores %j', (damaged) => {
  const tokens = keepTokens();
  tokens.note('00000001-0/A');
  tokens.note(damaged);
  expect(tokens.newest()).toBe('00000001-0/A');
});

const bookingId = '01980000-0000-7000-8000-000000000001';

it('sends none at first, then the newest of the answers, those of failed calls included', async () => {
  const given = ['00000001-0/9', '00000001-1/0', '00000001-0/FFFFFFFF', undefined];
  const { client, requests } = clientAtEdge((request) => answer(request, [done()], given[requests.length - 1]));
  for (const _ of given) await client.bookings.get.query({ bookingId });
  const sent = requests.map(({ headers }) => headers.get('x-consistency-token'));
  expect(sent).toEqual([null, '00000001-0/9', '00000001-1/0', '00000001-1/0']);
});

it('takes the token of a refusal too', async () => {
  const { client, requests } = clientAtEdge((request) =>
    answer(request, [{ refusal: { code: 'NOT_FOUND', status: 404 } }], '00000002-0/1'),
  );
  await expect(client.bookings.get.query({ bookingId })).rejects.toThrow('NOT_FOUND');
  await expect(client.bookings.get.query({ bookingId })).rejects.toThrow('NOT_FOUND');
  expect(requests[1]?.headers.get('x-consistency-token')).toBe('00000002-0/1');
});
