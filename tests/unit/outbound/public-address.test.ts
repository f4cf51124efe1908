import { expect, test } from 'vitest';
import { isPublicAddress } from '../../../src/platform/outbound/public-address.ts';

test.each([
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.254',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.168.1.1',
  '198.19.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '100::1',
  '2001:db8::1',
  '3fff::1',
  '4000::1',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  ['IPv4-mapped', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
  ['IPv4-mapped in hexadecimal', '::ffff:7f00:1', '::ffff:808:808'],
  ['IPv4-compatible', '::127.0.0.1', '::8.8.8.8'],
  ['NAT64', '64:ff9b::7f00:1', '64:ff9b::808:808'],
  ['6to4', '2002:7f00:1::1', '2002:808:808::1'],
  ['Teredo with such a client', '2001:0:808:808::80ff:fffe', '2001:0:808:808::f7f7:f7f7'],
  ['Teredo with such a server', '2001:0:7f00:1::f7f7:f7f7', '2001:0:808:808::f7f7:f7f7'],
])('an %s address is as public as the IPv4 address that it carries', (_form, loopback, open) => {
  expect([isPublicAddress(loopback), isPublicAddress(open)]).toEqual([false, true]);
});

test.each(['64:ff9b:1::808:808', '::ffff:0:808:808'])('the local translation form %s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '100.128.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(['', 'example.com', '134744072', '010.8.8.8', '8.8', '0x8.8.8.8', '[2606:4700::1111]'])(
  'what sockets do not take for an address is not public: "%s"',
  (text) => {
    expect(isPublicAddress(text)).toBe(false);
  },
);
