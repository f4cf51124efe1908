import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newerToken, reaches } from '../../../src/kernel/consistency-token.ts';

const position = fc.record({
  timeline: fc.constantFrom('00000001', '00000002', '0000000A'),
  lsn: fc.constantFrom('0/0', '0/A', '0/10', '1/0', 'FFFFFFF0/0'),
});

test('a later timeline has all that there still is of an earlier one, and never the other way round', () => {
  const lost = { timeline: '00000001', lsn: 'FFFFFFF0/0' };
  expect(reaches({ timeline: '00000002', lsn: '0/1' }, lost)).toBe(true);
  expect(reaches(lost, { timeline: '00000002', lsn: '0/1' })).toBe(false);
});

test('of two positions each reaches the other only where they are the same, and the newer one reaches both', () => {
  fc.assert(
    fc.property(position, position, (one, other) => {
      const isSame = one.timeline === other.timeline && one.lsn === other.lsn;
      expect(reaches(one, other) && reaches(other, one)).toBe(isSame);
      const newer = newerToken(one, other) ?? one;
      expect(reaches(newer, one) && reaches(newer, other)).toBe(true);
      expect(reaches(one, null)).toBe(true);
    }),
  );
});
