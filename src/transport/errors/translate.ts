import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { AppError, type ErrorKind, type FailingField } from '../../kernel/app-error.ts';
import type { ErrorBody } from './body.ts';

const STATUS: Record<ErrorKind, { trpc: TRPCError['code']; http: number }> = {
  invalid: { trpc: 'BAD_REQUEST', http: 400 },
  unauthenticated: { trpc: 'UNAUTHORIZED', http: 401 },
  forbidden: { trpc: 'FORBIDDEN', http: 403 },
  not_found: { trpc: 'NOT_FOUND', http: 404 },
  conflict: { trpc: 'CONFLICT', http: 409 },
  unprocessable: { trpc: 'UNPROCESSABLE_CONTENT', http: 422 },
  too_many: { trpc: 'TOO_MANY_REQUESTS', http: 429 },
  unavailable: { trpc: 'SERVICE_UNAVAILABLE', http: 503 },
  timeout: { trpc: 'GATEWAY_TIMEOUT', http: 504 },
  internal: { trpc: 'INTERNAL_SERVER_ERROR', http: 500 },
};

const fieldsOf = (error: ZodError): FailingField[] =>
  error.issues.slice(0, 50).flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({ path: path ? `${path}.${key}` : key, message: 'Unknown field.' }));
  });

/** What tRPC itself refuses before a procedure runs. */
const PROTOCOL_ERRORS: Partial<Record<TRPCError['code'], AppError>> = {
  PARSE_ERROR: new AppError('invalid', 'MALFORMED_JSON', 'The body is not valid JSON.'),
  PAYLOAD_TOO_LARGE: new AppError('invalid', 'PAYLOAD_TOO_LARGE', 'The body is larger than 256 kB. Send less at once.'),
  METHOD_NOT_SUPPORTED: new AppError('invalid', 'METHOD_NOT_SUPPORTED', 'Queries are GET, mutations are POST.'),
  UNSUPPORTED_MEDIA_TYPE: new AppError('invalid', 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json.'),
  NOT_FOUND: new AppError('not_found', 'NO_SUCH_PROCEDURE', 'There is no procedure of this name.'),
};

const OURS: ReadonlySet<ErrorKind> = new Set(['internal', 'unavailable', 'timeout']);

/** True for what is answered with a 5xx: its cause belongs into the log. */
export const isFault = (error: AppError): boolean => OURS.has(error.kind);

/** Any thrown value as an AppError: the one place where causes are cut off and unknown faults become INTERNAL. */
export const toAppError = (thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown;
  const cause = thrown instanceof TRPCError ? thrown.cause : undefined;
  if (cause instanceof AppError) return cause;
  if (thrown instanceof TRPCError && thrown.code !== 'INTERNAL_SERVER_ERROR') {
    if (cause instanceof ZodError) {
      return new AppError('invalid', 'INVALID_INPUT', 'Some fields are not valid.', { fields: fieldsOf(cause), cause });
    }
    const code = cause instanceof SyntaxError ? 'PARSE_ERROR' : thrown.code;
    return (
      PROTOCOL_ERRORS[code] ??
      new AppError('invalid', 'BAD_REQUEST', 'The request does not follow the protocol.', { cause: thrown })
    );
  }
  return new AppError(
    'internal',
    'INTERNAL',
    'Something went wrong on our side. Report the request id if it stays so.',
    {
      cause: thrown,
    },
  );
};

export const toTrpcError = (thrown: unknown): TRPCError => {
  const error = toAppError(thrown);
  return new TRPCError({ code: STATUS[error.kind].trpc, message: error.message, cause: error });
};

/** The HTTP status and body of a failed request. */
export const toErrorBody = (thrown: unknown, requestId: string): { status: number; body: ErrorBody } => {
  const error = toAppError(thrown);
  return {
    status: error.code === 'PAYLOAD_TOO_LARGE' ? 413 : STATUS[error.kind].http,
    body: {
      error: {
        code: error.code,
        message: error.message,
        retryable: error.retryable,
        ...(error.fields.length ? { fields: error.fields } : {}),
        ...(error.details ? { details: error.details } : {}),
        requestId,
      },
    },
  };
};
