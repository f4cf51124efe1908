import type { RawAnswer } from './raw-http.ts';

/** Times, and how the body is framed. */
const MAY_DIFFER = [
  'date',
  'x-response-time',
  'x-db-query-time',
  'server-timing',
  'content-length',
  'transfer-encoding',
];

/** What an answer tells its reader, to compare it with another's; null for none. */
export const told = (answer: RawAnswer | null) =>
  answer && {
    status: answer.status,
    headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !MAY_DIFFER.includes(name))),
    body: answer.body.toString('latin1'),
  };

/** The fast lane gives a length where the stock adapter sends chunks. */
export const isByLane = (answer: RawAnswer | null): boolean => answer?.headers['content-length'] !== undefined;
