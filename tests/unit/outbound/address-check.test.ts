import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../../src/kernel/app-error.ts';
import { checkAddress } from '../../../src/platform/outbound/address-check.ts';
import { nonPublicIpv4, notationsOf, publicIpv4 } from './notations.ts';

const verdict = (url: string, allowPrivate = false) => {
  try {
    return checkAddress(url, allowPrivate).href;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.kind).toBe('invalid');
    return error.code;
  }
};

test.each([
  '2130706433',
  '0177.0.0.1',
  '0x7f.1',
  '127.1',
  '127.0.0.1',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
  '１２７。０。０。１',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '[fe80::1]',
  '[fc00::1]',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '192.0.0.1',
  '224.0.0.1',
  '255.255.255.255',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'api.localhost',
])('the host %s is refused unless private addresses are allowed', (host) => {
  expect(verdict(`https://${host}/hooks`)).toBe('ADDRESS_NOT_ALLOWED');
  expect(verdict(`https://${host}/hooks`, true)).toMatch(/^https:/);
});

test('every IPv4 address that is not public is refused in every notation', () => {
  const hosts = nonPublicIpv4.chain(notationsOf);
  fc.assert(
    fc.property(hosts, (host) => {
      expect(verdict(`https://${host}/`)).toBe('ADDRESS_NOT_ALLOWED');
    }),
  );
});

test('a public IPv4 address is taken in every notation', () => {
  const hosts = publicIpv4.chain(notationsOf);
  fc.assert(
    fc.property(hosts, (host) => {
      expect(verdict(`https://${host}/`)).toMatch(/^https:/);
    }),
  );
});

test.each([
  ['no URL', 'example.com/hooks'],
  ['another scheme', 'ftp://example.com/'],
  ['a file', 'file:///etc/passwd'],
  ['a user name', 'https://user@example.com/'],
  ['a password', 'https://:secret@example.com/'],
  ['a fragment', 'https://example.com/#top'],
  ['an empty fragment', 'https://example.com/#'],
  ['more than 2 000 characters', `https://example.com/${'a'.repeat(1_981)}`],
  ['more than 2 000 characters once encoded', `https://example.com/${'é'.repeat(400)}`],
])('%s is no address, private ones allowed or not', (_what, url) => {
  expect(verdict(url)).toBe('INVALID_ADDRESS');
  expect(verdict(url, true)).toBe('INVALID_ADDRESS');
});

test('http:// is taken only where private addresses are allowed', () => {
  expect(verdict('http://example.com/')).toBe('ADDRESS_NOT_ALLOWED');
  expect(verdict('http://example.com/', true)).toBe('http://example.com/');
});

test.each([
  ['a name', 'https://EXAMPLE.com:8443/hooks?tenant=1', 'https://example.com:8443/hooks?tenant=1'],
  ['a name that only looks local', 'https://notlocalhost/', 'https://notlocalhost/'],
  ['exactly 2 000 characters', `https://example.com/${'a'.repeat(1_980)}`, `https://example.com/${'a'.repeat(1_980)}`],
])('%s is taken', (_what, url, href) => {
  expect(verdict(url)).toBe(href);
});
