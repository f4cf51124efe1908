import type { Response } from 'express';
import { randomIds } from '../../kernel/ids.ts';
import type { ErrorBody } from '../errors/body.ts';
import { RequestError } from '../errors/request-error.ts';

export interface ErrorOptions {
  /** The public face of anything thrown. */
  toErrorBody: (cause: unknown, requestId: string) => { status: number; body: ErrorBody };
  /** Told of every failed call, with the cause that stays inside. */
  onError?: (failure: { cause: unknown; status: number; requestId: string; procedurePath: string | undefined }) => void;
}

export type AnswerError = (res: Response, cause: unknown, procedurePath?: string) => void;

const requestIdOf = (res: Response): string => {
  const known = res.getHeader('X-Request-Id');
  if (typeof known === 'string') return known;
  const made = randomIds.uuid();
  res.setHeader('X-Request-Id', made);
  return made;
};

const requestErrorIn = (cause: unknown): RequestError | undefined => {
  if (cause instanceof RequestError) return cause;
  return cause instanceof Error && cause.cause ? requestErrorIn(cause.cause) : undefined;
};

/** Answers anything thrown with its public body; a RequestError, also inside another error, keeps its own status. */
export const errorAnswer =
  ({ toErrorBody, onError }: ErrorOptions): AnswerError =>
  (res, cause, procedurePath) => {
    const requestId = requestIdOf(res);
    const refused = requestErrorIn(cause);
    const { status: ofKind, body } = toErrorBody(refused ?? cause, requestId);
    const status = refused?.status ?? ofKind;
    onError?.({ cause, status, requestId, procedurePath });
    if (res.headersSent) return void res.destroy();
    if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
    res.status(status).json(body);
  };
