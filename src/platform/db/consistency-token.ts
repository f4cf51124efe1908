import { invalid } from '../../kernel/app-error.ts';
import type { ConsistencyToken } from './scope.ts';

const SHAPE = /^([0-9A-F]{8})-([0-9A-F]{1,8}\/[0-9A-F]{1,8})$/;

/** The header's text: `<timeline>-<LSN>`, e.g. `00000001-0/16B3748`. */
export const formatToken = (token: ConsistencyToken): string => `${token.timeline}-${token.lsn}`;

/** Throws AppError `invalid` when the text is no token; the caller sends it back as it got it, so any other text is damage. */
export const parseToken = (text: string): ConsistencyToken => {
  const match = SHAPE.exec(text);
  if (!match?.[1] || !match[2]) {
    throw invalid(
      'X-Consistency-Token',
      'Send back the token of an earlier answer unchanged, or none.',
      'INVALID_TOKEN',
    );
  }
  return { timeline: match[1], lsn: match[2] };
};

const ordinal = (lsn: string): bigint => {
  const [high = '0', low = '0'] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
};

/** The newer of two positions. */
export const newerToken = (a: ConsistencyToken | null, b: ConsistencyToken | null): ConsistencyToken | null => {
  if (!a || !b) return a ?? b;
  if (a.timeline !== b.timeline) return a.timeline > b.timeline ? a : b;
  return ordinal(a.lsn) >= ordinal(b.lsn) ? a : b;
};
