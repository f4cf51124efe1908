import type { IncomingMessage, ServerResponse } from 'node:http';
import { COMPRESS_FROM_BYTES, compressedBefore } from '../http/compression.ts';
import { preferredCoding } from '../http/content-coding.ts';
import { isUnchanged } from '../http/entity-tag.ts';
import { type Answer, CONTENT_TYPE, type KeptAnswer, VARY } from './answer.ts';
import { type JoinedAnswers, joinedText } from './joined-answers.ts';

/** The answer of calls that were all answered before, put together without reading it. */
export const answerOfKept = (kept: readonly KeptAnswer[], batch: boolean): Answer => {
  const [only] = kept;
  return batch || !only
    ? { status: 200, body: Buffer.from(joinedText(kept), 'latin1') }
    : { status: 200, body: only.result, etag: only.etag };
};

/**
 * Sends a kept answer, or those of a batch, to a GET whose response nothing was done with yet, head and body at once, in one string
 * and so one write: `head` is names and values in turn of what else its head says. False, and nothing is sent, for what has to be
 * compressed first.
 */
export const sendKept = (
  request: IncomingMessage,
  response: ServerResponse,
  kept: KeptAnswer | JoinedAnswers,
  head: string[],
): boolean => {
  const plain = kept.octets;
  const isLong = plain.length >= COMPRESS_FROM_BYTES;
  const coding = isLong ? preferredCoding(request.headers['accept-encoding']?.toString()) : null;
  const octets = coding ? compressedBefore(kept.result, coding) : plain;
  if (octets === undefined) return false;
  head.push('Content-Type', CONTENT_TYPE, 'Vary', isLong ? `${VARY}, Accept-Encoding` : VARY);
  if (kept.etag !== undefined) {
    head.push('Cache-Control', 'private, no-cache', 'ETag', kept.etag);
    if (isUnchanged(request, kept.etag)) {
      response.writeHead(304, head).end();
      return true;
    }
  } else head.push('Cache-Control', 'no-store');
  if (coding) head.push('Content-Encoding', coding);
  head.push('Content-Length', String(octets.length));
  response.writeHead(200, head).end(octets, 'latin1');
  return true;
};
