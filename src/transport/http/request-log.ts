import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Locals } from 'express-serve-static-core';
import { noTracer, type Trace, type Tracer } from '../../kernel/tracing.ts';
import type { Scope } from '../../platform/db/scope.ts';
import type { Quota } from '../limits/rate-limits.ts';
import { endRequest, traceRequest } from './request-trace.ts';

declare module 'express-serve-static-core' {
  interface Locals {
    requestId: string;
    /** By `performance.now()`. */
    startedAt: number;
    /** What it is recorded in; unset for most. */
    trace?: Trace;
    /** Set once the request's context is made; its statistics fill the headers. */
    scope?: Scope;
    /** Where the caller stands, if its calls are counted. */
    quota?: Quota;
    /** Set when the request is answered by a subscription. */
    stream?: boolean;
  }
}

/** An answer whose request has been given its id. */
export type LoggedResponse = ServerResponse & { locals: Locals };

export interface FinishedRequest {
  requestId: string;
  method: string;
  /** Without the query string, which can hold personal data. */
  path: string;
  status: number;
  /** True when the client went away before its answer was sent. */
  aborted: boolean;
  /** True for a subscription, whose time says nothing about speed. */
  stream: boolean;
  milliseconds: number;
  statements: number;
  databaseMilliseconds: number;
  traceId?: string | undefined;
}

const CALLERS_ID = /^[\w.:-]{8,64}$/;

/**
 * Gives every request an id (the caller's, when it is a plain one), and one line when it is over. Goes before Express or into it,
 * in front of everything else.
 */
export const requestLog =
  (onFinished: (request: FinishedRequest) => void, tracer: Tracer = noTracer) =>
  (request: IncomingMessage, plainResponse: ServerResponse, next: (response: LoggedResponse) => void): void => {
    const startedAt = performance.now();
    const { method = '', url = '', headers } = request;
    const given = headers['x-request-id'];
    const requestId = typeof given === 'string' && CALLERS_ID.test(given) ? given : randomUUID();
    const response = plainResponse as LoggedResponse;
    // Express keeps what it finds there.
    response.locals = { requestId, startedAt } as Locals;
    const trace = traceRequest(tracer, request, requestId);
    if (trace) response.locals.trace = trace;

    response.on('close', () => {
      const { scope, stream } = response.locals;
      const query = url.indexOf('?');
      onFinished({
        requestId,
        method,
        path: query < 0 ? url : url.slice(0, query),
        status: response.statusCode,
        aborted: !response.writableFinished,
        stream: stream === true,
        milliseconds: performance.now() - startedAt,
        statements: scope?.statistics.count ?? 0,
        databaseMilliseconds: scope?.statistics.milliseconds ?? 0,
        traceId: trace?.id,
      });
      if (trace) endRequest(trace, response);
    });
    next(response);
  };
