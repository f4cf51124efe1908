import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyWebhook, type WebhookHeaders } from '../../../src/client/webhooks.ts';

const NOW = Date.parse('2026-03-02T12:00:00.000Z');
const MINUTE = 60_000;
const secretOf = (seed: number) => `whsec_${Buffer.alloc(32, seed).toString('base64')}`;
const [SECRET, NEXT, OTHER] = [secretOf(1), secretOf(2), secretOf(3)];
const ID = '01890000-0000-7000-8000-000000000001';
const message = { id: ID, type: 'room_type.changed', version: 1, data: { propertyId: 'é', roomTypeId: '\ufffd' } };
const BODY = JSON.stringify(message);

const signed = (body: string, { at = NOW, secrets = [SECRET] } = {}) => ({
  'webhook-id': ID,
  'webhook-timestamp': String(at / 1_000),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(ID, new Date(at), body)).join(' '),
});

const capitals = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));

const faultOf = (body: string | Uint8Array, headers: WebhookHeaders, secret: string | readonly string[] = SECRET) => {
  try {
    return verifyWebhook(body, headers, secret);
  } catch (error) {
    return Reflect.get(Object(error), 'code') ?? error;
  }
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a webhook is taken', () => {
  it.each<[string, string | Uint8Array, WebhookHeaders]>([
    ['as text', BODY, signed(BODY)],
    ['as bytes', new TextEncoder().encode(BODY), signed(BODY)],
    ['with the headers of fetch', Buffer.from(BODY), new Headers(signed(BODY))],
    ['with headers in another case', BODY, capitals(signed(BODY))],
    [
      'with its signatures as a list',
      BODY,
      { ...signed(BODY), 'webhook-signature': ['v1,other', signed(BODY)['webhook-signature']] },
    ],
    ['just within five minutes ago', BODY, signed(BODY, { at: NOW - 5 * MINUTE })],
    ['just within five minutes ahead', BODY, signed(BODY, { at: NOW + 5 * MINUTE })],
  ])('%s', (_, body, headers) => {
    expect(verifyWebhook(body, headers, SECRET)).toEqual(message);
  });

  it.each([
    ['the old secret while both sign', [SECRET, NEXT], SECRET],
    ['the new secret while both sign', [SECRET, NEXT], NEXT],
    ['both secrets before the rotation', [SECRET], [SECRET, NEXT]],
    ['both secrets after the rotation', [NEXT], [SECRET, NEXT]],
  ])('with %s', (_, secrets, known) => {
    expect(verifyWebhook(BODY, signed(BODY, { secrets }), known)).toEqual(message);
  });

  it('of a type and a version that this client does not know', () => {
    const later = { ...message, type: 'booking.praised', version: 9 };
    const body = JSON.stringify(later);
    expect(verifyWebhook(body, signed(body), SECRET)).toEqual(later);
  });
});

describe('a webhook is refused', () => {
  it.each([
    ['signed with another secret', BODY, signed(BODY, { secrets: [OTHER] }), 'BAD_SIGNATURE'],
    ['changed', BODY.replace('é', 'e'), signed(BODY), 'BAD_SIGNATURE'],
    ['under another id', BODY, { ...signed(BODY), 'webhook-id': 'other' }, 'BAD_SIGNATURE'],
    ['at another time', BODY, { ...signed(BODY), 'webhook-timestamp': String(NOW / 1_000 + 1) }, 'BAD_SIGNATURE'],
    ['at no time', BODY, { ...signed(BODY), 'webhook-timestamp': 'noon' }, 'BAD_SIGNATURE'],
    ['with half a signature', BODY, { ...signed(BODY), 'webhook-signature': 'v1' }, 'BAD_SIGNATURE'],
    ['old', BODY, signed(BODY, { at: NOW - 5 * MINUTE - 1_000 }), 'TOO_OLD'],
    ['from the future', BODY, signed(BODY, { at: NOW + 5 * MINUTE + 1_000 }), 'TOO_OLD'],
    ['without headers', BODY, {}, 'MISSING_HEADERS'],
    ['without headers of fetch', BODY, new Headers(), 'MISSING_HEADERS'],
    ['without a signature', BODY, { ...signed(BODY), 'webhook-signature': undefined }, 'MISSING_HEADERS'],
    ['without an id', BODY, { ...signed(BODY), 'webhook-id': '' }, 'MISSING_HEADERS'],
    ['without a time', BODY, { ...signed(BODY), 'webhook-timestamp': [] }, 'MISSING_HEADERS'],
    ['signed, but empty', '', signed(''), 'NOT_JSON'],
    ['signed, but text', 'hello', signed('hello'), 'NOT_JSON'],
    ['signed, but null', 'null', signed('null'), 'NOT_JSON'],
    ['signed, but without a type', '{}', signed('{}'), 'NOT_JSON'],
  ])('%s', (_, body, headers, code) => {
    expect(faultOf(body, headers)).toBe(code);
  });

  it('when neither of two secrets has signed it, and when both find it old', () => {
    expect(faultOf(BODY, signed(BODY, { secrets: [OTHER] }), [SECRET, NEXT])).toBe('BAD_SIGNATURE');
    expect(faultOf(BODY, signed(BODY, { at: NOW - 6 * MINUTE }), [SECRET, NEXT])).toBe('TOO_OLD');
  });

  it.each([
    ['an empty one', ''],
    ['only a prefix', 'whsec_'],
    ['no base64', 'not base64!'],
    ['an empty one among others', [SECRET, '']],
    ['none', []],
  ])('with %s for a secret', (_, secret) => {
    expect(() => verifyWebhook(BODY, signed(BODY), secret)).toThrow(TypeError);
  });
});

it('what was signed verifies, and with one byte changed, added or lost it does not', () => {
  const text = fc.string({
    unit: fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), fc.constant('\ufffd')),
  });
  fc.assert(
    fc.property(
      text,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom('change', 'add', 'lose'),
      (note, place, by, how) => {
        const body = JSON.stringify({ ...message, note });
        const bytes = [...Buffer.from(body)];
        const at = place % bytes.length;
        expect(verifyWebhook(Uint8Array.from(bytes), signed(body), SECRET)).toEqual({ ...message, note });
        const byte = bytes[at] ?? 0;
        bytes.splice(at, how === 'add' ? 0 : 1, ...(how === 'lose' ? [] : [byte ^ by]));
        expect(faultOf(Uint8Array.from(bytes), signed(body))).toBe('BAD_SIGNATURE');
      },
    ),
  );
});

it('bytes that a lenient reader would take for the signed ones do not verify', () => {
  const bytes = Buffer.from(BODY);
  const at = bytes.indexOf('\ufffd');
  const lenient = Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 3)]);
  expect(lenient.toString()).toBe(BODY);
  expect(faultOf(lenient, signed(BODY))).toBe('BAD_SIGNATURE');
  expect(faultOf(Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes]), signed(BODY))).toBe('BAD_SIGNATURE');
});
