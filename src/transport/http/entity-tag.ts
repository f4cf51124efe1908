import type { IncomingMessage, ServerResponse } from 'node:http';

const listed = (header: string, etag: string): boolean =>
  header === '*' || header.split(',').some((one) => one.trim() === etag);

/** Whether the reader has the answer with this (weak) entity tag. RFC 9110, 13.1.2. */
export const isUnchanged = ({ headers }: IncomingMessage, etag: string): boolean => {
  const asked = headers['if-none-match'];
  return asked !== undefined && listed(asked, etag);
};

/**
 * Lets the reader keep an answer to a GET, to ask for it by its (weak) entity tag; answers 304 and true to one who asks so. Weak,
 * since the same answer goes out in several codings. RFC 9110, 13.1.2.
 */
export const sendUnchanged = (request: IncomingMessage, response: ServerResponse, etag: string): boolean => {
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', 'private, no-cache');
  if (!isUnchanged(request, etag)) return false;
  response.statusCode = 304;
  response.end();
  return true;
};
