import { invalid } from '../../kernel/app-error.ts';

export const TIMEOUT_HEADER = 'X-Request-Timeout-Ms';

export interface DeadlineSettings {
  /** For requests that don't say. */
  usualMs: number;
  /** Less is not given, whatever is asked for: what has begun is not given up for a blink. */
  leastMs: number;
  /** More is not given. */
  longestMs: number;
}

/** Milliseconds that a request may take, by its header. Throws INVALID_INPUT for what is no whole number above 0. */
export const requestTimeoutMs = (header: string | string[] | undefined, settings: DeadlineSettings): number => {
  if (header === undefined) return settings.usualMs;
  if (typeof header !== 'string' || !/^[1-9]\d{0,14}$/.test(header)) {
    throw invalid(TIMEOUT_HEADER, `${TIMEOUT_HEADER} is a whole number of milliseconds, 1 or more.`);
  }
  return Math.min(Math.max(Number(header), settings.leastMs), settings.longestMs);
};
