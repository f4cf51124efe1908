import type { ConsistencyToken } from '../../../kernel/consistency-token.ts';

/** A position as text that sorts like the positions of a timeline do: 24 hexadecimal digits. */
export const orderedPosition = ({ timeline, lsn }: ConsistencyToken): string => {
  const [high = '', low = ''] = lsn.split('/');
  return `${timeline}${high.padStart(8, '0')}${low.padStart(8, '0')}`;
};

const trimmed = (digits: string): string => digits.replace(/^0+(?=.)/, '');

/** The position of such a text; null for any other. */
export const positionOfOrdered = (text: string): ConsistencyToken | null =>
  /^[0-9A-F]{24}$/.test(text)
    ? { timeline: text.slice(0, 8), lsn: `${trimmed(text.slice(8, 16))}/${trimmed(text.slice(16))}` }
    : null;
