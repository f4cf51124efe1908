import { AppError } from '../../kernel/app-error.ts';

/** The SQLSTATE or system error code of a database error, looked for through its causes; null for anything else. */
export const faultCode = (error: unknown): string | null => {
  for (let e = error, depth = 0; e instanceof Error && depth < 6; e = e.cause, depth++) {
    if ('code' in e && typeof e.code === 'string') return e.code;
    if (
      /Connection terminated|Client has encountered a connection error|not queryable|Query read timeout/.test(e.message)
    )
      return '08006';
    if (/timeout exceeded when trying to connect/.test(e.message)) return 'POOL_TIMEOUT';
  }
  return null;
};

/** True when the connection or the server went away: class 08, shutdown, or a socket error. */
export const isConnectionLost = (code: string | null): boolean =>
  code !== null &&
  /^(08...|57P0[1-3]|ECONN[A-Z]+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/.test(code);

/** What a connection leads to can't be written to, or was replaced, so that it is lost. */
export const noPrimary = (cause?: unknown): Error =>
  Object.assign(new Error('this is not the primary', { cause }), { code: '08006' });

/** True when the transaction lost against another and can simply run again: serialization failure, deadlock. */
export const isLostRace = (code: string | null): boolean => code === '40001' || code === '40P01';

/**
 * True for what a replica answers while its primary is ahead: the read was in the way of the replay, or what the last
 * migration made (table, column, function) is not there yet.
 */
export const isReplicaBehind = (code: string | null): boolean =>
  code !== null && /^(40001|40P01|42P01|42703|42883|3F000)$/.test(code);

/** Values that passed the schemas and that PostgreSQL still can't take: out of range, no date, not its characters. */
const isUnusableValue = (code: string): boolean => /^22(003|007|008|021|P02|P05)$/.test(code);

/** Faults of the database as the caller may see them; anything else is passed through. */
export const publicFault = (error: unknown): unknown => {
  if (error instanceof AppError) return error;
  const code = faultCode(error);
  if (code === '57014' || code === '55P03') {
    return new AppError('timeout', 'QUERY_TIMEOUT', 'The database took too long. Try again with a narrower request.', {
      retryable: true,
      cause: error,
    });
  }
  if (isConnectionLost(code) || isLostRace(code) || code === 'POOL_TIMEOUT' || code === '53300') {
    return new AppError('unavailable', 'DATABASE_UNAVAILABLE', 'The database is not reachable now. Try again.', {
      retryable: true,
      cause: error,
    });
  }
  if (code !== null && isUnusableValue(code)) {
    return new AppError('invalid', 'UNUSABLE_VALUE', 'A value is beyond what can be stored or compared.', {
      cause: error,
    });
  }
  return error;
};
