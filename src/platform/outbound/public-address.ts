import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const dotted = (bytes: number[]) => new ipaddr.IPv4(bytes);

/** The IPv4 addresses that an IPv6 address stands for in one of the transition forms; null when it is none of them. */
const embeddedIpv4 = (address: ipaddr.IPv6): ipaddr.IPv4[] | null => {
  const bytes = address.toByteArray();
  const last = bytes.slice(12);
  if (bytes.slice(0, 12).every((byte) => byte === 0)) return [dotted(last)];
  if (address.match(ipaddr.IPv6.parse('::ffff:0:0'), 96)) return [dotted(last)];
  if (address.match(ipaddr.IPv6.parse('64:ff9b::'), 96)) return [dotted(last)];
  if (address.match(ipaddr.IPv6.parse('2002::'), 16)) return [dotted(bytes.slice(2, 6))];
  if (address.match(ipaddr.IPv6.parse('2001::'), 32)) {
    return [dotted(bytes.slice(4, 8)), dotted(last.map((byte) => byte ^ 0xff))];
  }
  return null;
};

const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');

/**
 * Whether anyone on the internet may be meant by this IP address. An IPv6 address that carries an IPv4 one is as public
 * as what it carries. False for anything that is not an address in the notation of sockets.
 */
export const isPublicAddress = (text: string): boolean => {
  if (isIP(text) === 0) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast';
  const embedded = embeddedIpv4(address);
  if (embedded) return embedded.every((inner) => inner.range() === 'unicast');
  return address.range() === 'unicast' && address.match(GLOBAL_UNICAST, 3);
};
