import { AppError } from '../../kernel/app-error.ts';

/** When a request's time is over. */
export interface Deadline {
  /** By `performance.now()`. */
  readonly at: number;
  /** How long a statement may take anyway: nothing has to be said to the server while more than that is left. */
  readonly statementTimeoutMs: number;
}

export const deadlineIn = (ms: number, statementTimeoutMs: number): Deadline => ({
  at: performance.now() + ms,
  statementTimeoutMs,
});

/** Milliseconds until then, below zero afterwards; infinite without a deadline. */
export const timeLeftMs = (deadline: Deadline | null): number =>
  deadline === null ? Number.POSITIVE_INFINITY : deadline.at - performance.now();

const deadlineExceeded = (): AppError =>
  new AppError('timeout', 'DEADLINE_EXCEEDED', 'The time for this request is over. Try again, or allow more.', {
    retryable: true,
  });

/** Throws AppError DEADLINE_EXCEEDED once the deadline has passed: nothing is begun that nobody waits for. */
export const assertTimeLeft = (deadline: Deadline | null): void => {
  if (timeLeftMs(deadline) <= 0) throw deadlineExceeded();
};

/** What `work` answers, or AppError DEADLINE_EXCEEDED once the deadline has passed; the work then goes on unheard. */
export const untilDeadline = async <T>(deadline: Deadline | null, work: Promise<T>): Promise<T> => {
  if (deadline === null) return work;
  const passed = Promise.withResolvers<never>();
  const timer = setTimeout(() => passed.reject(deadlineExceeded()), Math.max(0, timeLeftMs(deadline)));
  try {
    return await Promise.race([work, passed.promise]);
  } finally {
    clearTimeout(timer);
  }
};

const setting = (ms: number) => `set_config('statement_timeout', '${ms}', true)`;

/** How long the next statements may take by the deadline; null while their usual limit is shorter. */
export const statementLimitMs = (deadline: Deadline | null): number | null => {
  const left = timeLeftMs(deadline);
  return deadline === null || left >= deadline.statementTimeoutMs ? null : Math.max(1, Math.ceil(left));
};

/** What limits them so, as a column. */
export const statementLimit = (deadline: Deadline | null): string | null => {
  const ms = statementLimitMs(deadline);
  return ms === null ? null : setting(ms);
};

/** What gives a commit its usual limit back: cut short, it would not wait for a synchronous standby. */
export const usualLimit = (deadline: Deadline): string => `select ${setting(deadline.statementTimeoutMs)}`;
