import type { OutboxPosition } from './outbox.ts';

const DIGITS = 20;

/** A position as text that sorts as events do. */
export const orderedCursor = ({ txid, position }: OutboxPosition): string =>
  `${txid.padStart(DIGITS, '0')}-${String(position).padStart(DIGITS, '0')}`;

/** The position of such a text. */
export const positionOfOrdered = (text: string): OutboxPosition => {
  const [txid = '', position = ''] = text.split('-');
  return { txid: String(BigInt(txid)), position: Number(position) };
};
