import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { readSettings } from '../../../src/config.ts';
import { clientAddress } from '../../../src/transport/limits/client-address.ts';

const addressBy = (setting: string, peer: string | undefined, forwarded?: string): string =>
  clientAddress(readSettings(setting ? { TRUST_PROXY: setting } : {}).TRUST_PROXY)({
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  } as unknown as IncomingMessage);

test.for([
  ['nobody is believed unless told so', '', '10.0.0.9', '203.0.113.7', '10.0.0.9'],
  ['one hop: what the proxy before us says', '1', '10.0.0.9', '203.0.113.7', '203.0.113.7'],
  ['one hop: not what the client told the proxy', '1', '10.0.0.9', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['two hops', '2', '10.0.0.9', '198.51.100.1, 203.0.113.7, 10.0.0.8', '203.0.113.7'],
  ['a proxy by its network', '10.0.0.0/8', '10.0.0.9', '198.51.100.1, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
  ['not somebody else', '10.0.0.0/8', '203.0.113.50', '198.51.100.1', '203.0.113.50'],
  [
    'ranges by name, and IPv4 in IPv6',
    'loopback,uniquelocal',
    '::ffff:127.0.0.1',
    '203.0.113.7, 192.168.1.1',
    '203.0.113.7',
  ],
  ['a proxy that names nobody', '1', '10.0.0.9', undefined, '10.0.0.9'],
  ['a client that has left', '1', undefined, '203.0.113.7', ''],
] as const)('%s', ([, setting, peer, forwarded, expected]) => {
  expect(addressBy(setting, peer, forwarded)).toBe(expected);
});

test.for([
  '0',
  '10',
  'true',
  '10.0.0.0/33',
  '10.0.0.0/0',
  '::/129',
  '10.0.0.0/8,',
  '10.0.0',
  'everywhere',
  '1,10.0.0.1/x',
])('TRUST_PROXY=%s is refused', (value) => {
  expect(() => readSettings({ TRUST_PROXY: value })).toThrow(
    expect.objectContaining({ faults: [expect.stringMatching(/^TRUST_PROXY must be/)] }),
  );
});
