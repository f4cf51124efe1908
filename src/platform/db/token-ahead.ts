import type pg from 'pg';
import { AppError } from '../../kernel/app-error.ts';
import { invalidToken } from '../../kernel/consistency-token.ts';
import { type Deadline, untilDeadline } from './deadline.ts';
import { noPrimary } from './faults.ts';
import { standingOfServer } from './following-client.ts';

/** A token of a later timeline than the primary's: made up, or of a primary that has replaced this one. The connection is well. */
export class TokenAhead extends Error {
  readonly client: pg.ClientBase;

  constructor(client: pg.ClientBase) {
    super('the token is of a later timeline than the primary');
    this.client = client;
  }
}

const unsure = (cause: TokenAhead) =>
  new AppError(
    'unavailable',
    'DATABASE_UNAVAILABLE',
    'The database can not tell now whether it has what you have seen. Try again.',
    { retryable: true, cause },
  );

/** Whether this is the error of a token that is neither known to be made up nor known to be real. */
export const isUnsureOfToken = (error: unknown): boolean =>
  error instanceof AppError && error.cause instanceof TokenAhead;

/**
 * What a read's error says once it is known whether the primary was replaced. That takes as long as its hosts may take to
 * answer, so give the connection back before.
 */
export const settledFault = async (error: unknown, deadline: Deadline | null): Promise<unknown> => {
  if (!(error instanceof TokenAhead)) return error;
  const standing = await untilDeadline(deadline, standingOfServer(error.client));
  if (standing === 'primary') return invalidToken();
  return standing === 'replaced' ? noPrimary(error) : unsure(error);
};
