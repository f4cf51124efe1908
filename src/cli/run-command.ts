import { CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { AppError } from '../kernel/app-error.ts';

/** What a command reports as its result when it is not simply done. */
export class ExitStatus extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`exit status ${status}`);
    this.status = status;
  }
}

/** The command was called wrongly, in a way that its options can't say. */
export class UsageError extends Error {}

const MISUSE = 2;

const isBug = (error: Error): boolean => error instanceof TypeError || error instanceof ReferenceError;

const causeOf = (error: Error): string => (error.cause instanceof Error ? `\n  because: ${error.cause.message}` : '');

const explain = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  if (isBug(thrown)) return thrown.stack ?? thrown.message;
  const error = thrown.cause instanceof AppError ? thrown.cause : thrown;
  if (error instanceof AppError) {
    const fields = error.fields.map(({ path, message }) => `\n  ${path}: ${message}`).join('');
    return `${error.message}${fields}${causeOf(error)}`;
  }
  return `${thrown.message}${causeOf(thrown)}`;
};

/**
 * The exit status of a program run: 0 when it is done, 2 for a wrong call or configuration, 1 when it fails; why is
 * written to standard error.
 */
export const exitStatusOf = async (program: () => Promise<unknown>): Promise<number> => {
  try {
    await program();
    return 0;
  } catch (thrown) {
    if (thrown instanceof ExitStatus) return thrown.status;
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : MISUSE;
    process.stderr.write(`${explain(thrown)}\n`);
    return thrown instanceof ConfigError || thrown instanceof UsageError ? MISUSE : 1;
  }
};
