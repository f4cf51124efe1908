import { validateHeaderName, validateHeaderValue } from 'node:http';

/** What the client itself writes: a second one would let the receiver, or a proxy before it, read another request. */
const OWN_HEADERS = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'upgrade']);

/** Throws TypeError for a header that would change the request around it: line breaks, framing, another host. */
export const checkHeaders = (headers: Record<string, string>): void => {
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    if (OWN_HEADERS.has(name.toLowerCase())) throw new TypeError(`the header ${name} is not for callers to set`);
  }
};
