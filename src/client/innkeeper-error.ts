import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from './contract.ts';
import type { ErrorFacts, ErrorShape, FailingField } from './error-shape.ts';

interface Origin {
  /** Null when no answer came. */
  status: number | null;
  shape?: ErrorShape;
  cause?: unknown;
  meta?: Record<string, unknown> | undefined;
}

/**
 * Why a call failed, in the server's words where it answered. Where it did not, `code` is CONNECTION_FAILED,
 * REQUEST_TIMEOUT, ABORTED, CREDENTIALS_FAILED, UNEXPECTED_ANSWER or REQUEST_FAILED.
 */
export class InnkeeperError extends TRPCClientError<AppRouter> {
  /** Stable; made for programs. */
  readonly code: string;
  /** True when sending the same request again can succeed; the client has then tried as often as it may. */
  readonly retryable: boolean;
  /** The input fields that failed. */
  readonly fields: readonly FailingField[];
  /** Facts for the calling program, by code: shortages, allowed moves. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Finds the request in the server's log; null when no answer came. */
  readonly requestId: string | null;
  /** The HTTP status; null when no answer came. */
  readonly status: number | null;

  constructor(facts: Omit<ErrorFacts, 'requestId'> & { requestId: string | null }, origin: Origin) {
    const { shape, cause, meta } = origin;
    super(facts.message, {
      ...(shape && { result: { error: shape } }),
      ...(cause !== undefined && { cause: cause instanceof Error ? cause : new Error(String(cause)) }),
      ...(meta && { meta }),
    });
    // TRPCClientError fixes the prototype to its own.
    Object.setPrototypeOf(this, new.target.prototype);
    this.name = 'InnkeeperError';
    this.code = facts.code;
    this.retryable = facts.retryable;
    this.fields = facts.fields ?? [];
    this.details = facts.details ?? {};
    this.requestId = facts.requestId;
    this.status = origin.status;
  }
}

/** True for what a call of the client throws, also across two copies of this package. */
export const isInnkeeperError = (error: unknown): error is InnkeeperError =>
  error instanceof InnkeeperError || (error instanceof Error && error.name === 'InnkeeperError');

/** A failure on the client's side or on the way. */
export const failure = (
  code: string,
  message: string,
  given: { retryable?: boolean; status?: number; requestId?: string | null; details?: object; cause?: unknown } = {},
): InnkeeperError => {
  const { retryable = false, status = null, requestId = null, details = {}, cause } = given;
  return new InnkeeperError({ code, message, retryable, details: { ...details }, requestId }, { status, cause });
};

/** Whatever a call threw as an InnkeeperError. */
export const toInnkeeperError = (thrown: unknown): InnkeeperError => {
  if (thrown instanceof InnkeeperError) return thrown;
  if (thrown instanceof TRPCClientError) {
    const shape: ErrorShape | undefined = thrown.shape ?? undefined;
    if (shape) {
      return new InnkeeperError(shape.data, { status: shape.data.httpStatus, shape, cause: thrown, meta: thrown.meta });
    }
    if (thrown.cause instanceof InnkeeperError) return thrown.cause;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return failure('REQUEST_FAILED', message, { cause: thrown });
};
