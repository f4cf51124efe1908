import { isIP } from 'node:net';

/** Names for the ranges that machines of one's own have. */
const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);
const BITS: Record<number, number> = { 4: 32, 6: 128 };

/** Whether the text is an IP address, a network like 10.0.0.0/8, or `loopback`, `linklocal` or `uniquelocal`. */
export const isAddressRange = (text: string): boolean => {
  if (NAMED.has(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && +bits >= 1 && +bits <= (BITS[version] ?? 0));
};
