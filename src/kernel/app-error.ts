/** What kind of answer an error is; the transport maps it to an HTTP status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'unprocessable'
  | 'too_many'
  | 'unavailable'
  | 'timeout'
  | 'internal';

export interface FailingField {
  /** Dotted path into the input: `lines.0.arrival`. */
  path: string;
  message: string;
}

export interface AppErrorOptions {
  fields?: FailingField[];
  /** True when sending the same request again can succeed. */
  retryable?: boolean;
  /** Facts for the caller's program: shortages, allowed moves. Never personal data. */
  details?: Record<string, unknown>;
  /** Stays inside: log only. */
  cause?: unknown;
}

/** An error with a stable code and a public message that says what to do; `cause` never leaves the process. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly fields: FailingField[];
  readonly retryable: boolean;
  readonly details: Record<string, unknown> | undefined;

  constructor(kind: ErrorKind, code: string, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryable = options.retryable ?? false;
    this.details = options.details;
  }
}

export const invalid = (path: string, message: string, code = 'INVALID_INPUT') =>
  new AppError('invalid', code, message, { fields: [{ path, message }] });

/** Unknown ids and other tenants' ids get the same answer. */
export const notFound = (what: string, path = 'id') =>
  new AppError('not_found', 'NOT_FOUND', `No such ${what}.`, {
    fields: [{ path, message: `No ${what} with this id.` }],
  });
