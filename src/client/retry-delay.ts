import type { InnkeeperError } from './innkeeper-error.ts';

const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** Who is told to wait longer than this had better tell the user. */
const PATIENCE_MS = 30_000;

const askedMs = ({ details }: InnkeeperError): number => {
  const seconds = details.retryAfterSeconds;
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : 0;
};

/**
 * Milliseconds to wait before the next try: exponential with full jitter, on top of what the server asks for by
 * `details.retryAfterSeconds`. Null when another try would not help, or not within 30 seconds. `failures` counts from 1.
 */
export const retryDelayMs = (error: InnkeeperError, failures: number, random: () => number): number | null => {
  const asked = askedMs(error);
  if (!error.retryable || asked > PATIENCE_MS) return null;
  return asked + Math.floor(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)));
};
