import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswerText, retryAfterMs } from '../../../src/platform/outbound/answer.ts';

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('the text is the start of the body, however it was cut into pieces', async () => {
  const texts = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\p{Cc}\u{FEFF}]/gu, ''));
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), fc.nat(40), async (text, size, limit) => {
      const read = await readAnswerText(inPieces(Buffer.from(text), size), limit);
      expect(text.startsWith(read)).toBe(true);
      expect(Buffer.byteLength(read)).toBeLessThanOrEqual(limit);
      expect(Buffer.byteLength(read)).toBeGreaterThan(Math.min(limit, Buffer.byteLength(text)) - 4);
    }),
  );
});

test('control characters are taken out, new lines and tabs stay', async () => {
  const body = Buffer.from('a\0b\u0007\tc\r\nd\u001b[31m\u007f\u0085e');
  expect(await readAnswerText(inPieces(body, 3), 100)).toBe('ab\tc\nd[31me');
});

test('bytes that are no text become replacement characters', async () => {
  expect(await readAnswerText(inPieces(Buffer.from([0x61, 0xff, 0xe2, 0x82]), 1), 100)).toBe('a\ufffd\ufffd');
});

const DATE = 'Sat, 21 Nov 2026 10:00:00 GMT';

test.each([
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['nothing to wait', { 'retry-after': '0' }, 0],
  ['a date', { 'retry-after': 'Sat, 21 Nov 2026 10:01:30 GMT', date: DATE }, 90_000],
  ['a date that has passed', { 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT', date: DATE }, 0],
  ['a date without the date of the answer', { 'retry-after': 'Sat, 21 Nov 2026 10:01:30 GMT' }, null],
  ['nothing', {}, null],
  ['a negative number', { 'retry-after': '-5', date: DATE }, null],
  ['an absurd number', { 'retry-after': '9'.repeat(40), date: DATE }, null],
  ['words', { 'retry-after': 'soon', date: DATE }, null],
  ['two values', { 'retry-after': ['1', '2'], date: DATE }, null],
])('Retry-After is read in milliseconds: %s', (_what, headers, expected) => {
  expect(retryAfterMs(headers)).toBe(expected);
});
