import type { ErrorFacts } from './error-shape.ts';
import { failure, InnkeeperError } from './innkeeper-error.ts';

/** An HTTP answer, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** What proxies say when the server behind them gave no answer, or when they let too many through. */
const PASSING = new Set([429, 502, 503, 504]);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The `Retry-After` header, where it counts seconds. */
const retryAfter = ({ headers }: Answer): { retryAfterSeconds?: number } => {
  const given = headers.get('retry-after');
  return given && /^\d+$/.test(given) ? { retryAfterSeconds: Number(given) } : {};
};

const isErrorFacts = (error: unknown): error is ErrorFacts =>
  isRecord(error) && typeof error.code === 'string' && typeof error.retryable === 'boolean';

const isTrpc = (body: unknown): boolean =>
  Array.isArray(body) ||
  (isRecord(body) && ('result' in body || (isRecord(body.error) && typeof body.error.code === 'number')));

/**
 * The body of a tRPC answer. Throws InnkeeperError for any other: in the server's words where it refused the request
 * before tRPC saw it, else UNEXPECTED_ANSWER, retryable with the statuses by which proxies say that nobody answered.
 */
export const readAnswer = (answer: Answer): unknown => {
  const { status, headers } = answer;
  const body = parse(answer.text);
  if (isTrpc(body)) return body;
  if (isRecord(body) && isErrorFacts(body.error)) {
    const details = { ...retryAfter(answer), ...body.error.details };
    throw new InnkeeperError({ ...body.error, details }, { status });
  }
  const hint = PASSING.has(status) ? 'Try again.' : 'Is the url that of an Innkeeper server?';
  throw failure('UNEXPECTED_ANSWER', `The answer has status ${status} and is not Innkeeper’s. ${hint}`, {
    retryable: PASSING.has(status),
    status,
    requestId: headers.get('x-request-id'),
    details: retryAfter(answer),
  });
};
