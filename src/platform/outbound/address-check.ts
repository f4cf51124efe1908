import { isIP } from 'node:net';
import { invalid } from '../../kernel/app-error.ts';
import { isPublicAddress } from './public-address.ts';

const MAX_LENGTH = 2_000;

const malformed = (message: string) => invalid('url', message, 'INVALID_ADDRESS');
const notAllowed = (message: string) => invalid('url', message, 'ADDRESS_NOT_ALLOWED');

/** The host as sockets take it: an IPv6 literal without its brackets. */
const bareHost = (url: URL) => (url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname);

const isLocalName = (host: string) => /(^|\.)localhost\.*$/.test(host);

/**
 * The address in its normal form. Throws AppError (`INVALID_ADDRESS`, `ADDRESS_NOT_ALLOWED`) when it is not one that may
 * be called. Names are not resolved: what they lead to is checked on every connection.
 */
export const checkAddress = (text: string, allowPrivate: boolean): URL => {
  const url = URL.parse(text.slice(0, MAX_LENGTH + 1));
  if (text.length > MAX_LENGTH || (url?.href.length ?? 0) > MAX_LENGTH) {
    throw malformed(`Give an address of at most ${MAX_LENGTH} characters; those outside ASCII count for several.`);
  }
  if (!url) throw malformed('Give a complete address, such as https://example.com/hooks.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw malformed('Give an address that begins with https://.');
  if (url.username || url.password) throw malformed('Leave the user name and password out of the address.');
  if (url.href.includes('#')) throw malformed('Leave the part after # out of the address.');
  if (allowPrivate) return url;
  if (url.protocol !== 'https:') throw notAllowed('Give an address that begins with https://.');
  const host = bareHost(url);
  if (isLocalName(host) || (isIP(host) !== 0 && !isPublicAddress(host))) {
    throw notAllowed('Give the address of a host on the public internet.');
  }
  return url;
};
