import type { IncomingMessage } from 'node:http';

const REST = '/api/';
const SEPARATOR = /,|%2c/gi;

/** Express takes its mount points off `url`. */
const wholeUrl = (request: IncomingMessage): string =>
  'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '');

/**
 * How many calls a request makes: one, or those of a batch, whose names stand in its path. `/trpc` can be written in many ways
 * (`/TRPC`, `http://x/trpc`), so that all paths but REST's are taken for it.
 */
export const countedCalls = (request: IncomingMessage): number => {
  const url = wholeUrl(request);
  if (url.startsWith(REST)) return 1;
  const end = url.indexOf('?');
  return 1 + ((end < 0 ? url : url.slice(0, end)).match(SEPARATOR)?.length ?? 0);
};
