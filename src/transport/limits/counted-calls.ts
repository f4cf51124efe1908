import type { IncomingMessage } from 'node:http';

const TRPC = '/trpc/';
const SEPARATOR = /,|%2c/gi;

/** Express takes its mount points off `url`. */
const wholeUrl = (request: IncomingMessage): string =>
  'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '');

/** How many calls a request makes: one, or those of a batch, whose names stand in its path. */
export const countedCalls = (request: IncomingMessage): number => {
  const url = wholeUrl(request);
  if (!url.startsWith(TRPC)) return 1;
  const end = url.indexOf('?');
  return 1 + ((end < 0 ? url : url.slice(0, end)).match(SEPARATOR)?.length ?? 0);
};
