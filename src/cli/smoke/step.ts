import { isInnkeeperError } from '../../client/index.ts';

const reasonOf = (error: unknown): string => {
  if (!isInnkeeperError(error)) return error instanceof Error ? error.message : String(error);
  const { message, code, status, requestId } = error;
  return `${message} (${code}, ${status === null ? 'no answer' : `status ${status}`}, request ${requestId ?? 'unknown'})`;
};

/** Waits for `work`; its failure says what was being done, and where the server's log tells of it. */
export const step = async <Result>(doing: string, work: Promise<Result>): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    throw new Error(`${doing} failed: ${reasonOf(error)}`);
  }
};

/** Throws unless an answer is what it has to be. */
export const expectAnswer = (right: boolean, wrong: string): void => {
  if (!right) throw new Error(`A wrong answer: ${wrong}.`);
};
