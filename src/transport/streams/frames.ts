import { isTrackedEnvelope } from '@trpc/server';
import { Bookmark } from '../trpc/bookmark.ts';

// The wire protocol of tRPC's subscriptions: server-sent events by these names, data without a name.

const frame = (event: string, data: string, id?: string): string =>
  `event: ${event}\ndata: ${data}\n${id === undefined ? '' : `id: ${id}\n`}\n`;

export const connectedFrame = (reconnectAfterInactivityMs: number): string =>
  frame('connected', JSON.stringify({ reconnectAfterInactivityMs }));

export const PING_FRAME = frame('ping', '');
export const RETURN_FRAME = frame('return', '');

export const errorFrame = (shape: unknown): string => frame('serialized-error', JSON.stringify(shape));

/** One event goes to many subscribers. */
const texts = new WeakMap<object, string>();

const textOf = (data: unknown): string => {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data ?? null);
  const known = texts.get(data);
  if (known !== undefined) return known;
  const text = JSON.stringify(data);
  texts.set(data, text);
  return text;
};

/** What a subscription yielded, as it is sent. Throws for what carries no id: nobody could go on after it. */
export const yieldedFrame = (value: unknown): string => {
  if (value instanceof Bookmark) return frame('ping', '', value.id);
  if (!isTrackedEnvelope(value)) throw new Error('a subscription yields tracked events only');
  return `data: ${textOf(value[1])}\nid: ${value[0]}\n\n`;
};
