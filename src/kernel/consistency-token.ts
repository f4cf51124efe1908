import { invalid } from './app-error.ts';

/** A position in the write-ahead log: timeline and LSN as PostgreSQL prints them. */
export interface ConsistencyToken {
  timeline: string;
  lsn: string;
}

const SHAPE = /^([0-9A-F]{8})-([0-9A-F]{1,8}\/[0-9A-F]{1,8})$/;

/** The header's text: `<timeline>-<LSN>`, e.g. `00000001-0/16B3748`. */
export const formatToken = (token: ConsistencyToken): string => `${token.timeline}-${token.lsn}`;

/** For what is no token of this database. */
export const invalidToken = () =>
  invalid('X-Consistency-Token', 'Send back the token of an earlier answer unchanged, or none.', 'INVALID_TOKEN');

/** Throws AppError `invalid` when the text is no token; the caller sends it back as it got it, so any other text is damage. */
export const parseToken = (text: string): ConsistencyToken => {
  const match = SHAPE.exec(text);
  if (!match?.[1] || !match[2]) throw invalidToken();
  return { timeline: match[1], lsn: match[2] };
};

/** The bytes of log up to a position, which a double holds exactly up to 8 petabytes. */
export const bytesAt = (lsn: string): number => {
  const slash = lsn.indexOf('/');
  return Number.parseInt(lsn.slice(0, slash), 16) * 2 ** 32 + Number.parseInt(lsn.slice(slash + 1), 16);
};

/** The newer of two positions. */
export const newerToken = (a: ConsistencyToken | null, b: ConsistencyToken | null): ConsistencyToken | null => {
  if (!a || !b) return a ?? b;
  if (a.timeline !== b.timeline) return a.timeline > b.timeline ? a : b;
  return bytesAt(a.lsn) >= bytesAt(b.lsn) ? a : b;
};

/** The older of two positions. */
export const olderToken = (a: ConsistencyToken | null, b: ConsistencyToken): ConsistencyToken =>
  a && newerToken(a, b) === b ? a : b;

/**
 * True when whoever stands at `position` has all that `token` asks for and that there still is. A later timeline goes on from
 * where it left the earlier one: it has all of that up to there, and what came after is lost and can't be waited for.
 */
export const reaches = (position: ConsistencyToken, token: ConsistencyToken | null): boolean =>
  token === null || newerToken(position, token) === position;

/** The position one byte before. */
export const justBefore = ({ timeline, lsn }: ConsistencyToken): ConsistencyToken => {
  const bytes = Math.max(0, bytesAt(lsn) - 1);
  const high = Math.floor(bytes / 2 ** 32);
  return { timeline, lsn: `${high.toString(16).toUpperCase()}/${(bytes % 2 ** 32).toString(16).toUpperCase()}` };
};
