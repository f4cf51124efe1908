import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Locals } from 'express-serve-static-core';
import { formatToken } from '../../kernel/consistency-token.ts';
import type { Scope } from '../../platform/db/scope.ts';

declare module 'express-serve-static-core' {
  interface Locals {
    requestId: string;
    /** Set once the request's context is made; its statistics fill the headers. */
    scope?: Scope;
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
}

const CALLERS_ID = /^[\w.:-]{8,64}$/;

const setAnswerHeaders = (response: LoggedResponse, startedAt: number): void => {
  const milliseconds = performance.now() - startedAt;
  const { scope } = response.locals;
  const database = scope?.statistics ?? { count: 0, milliseconds: 0 };
  response.setHeader('X-Response-Time', `${milliseconds.toFixed(1)}ms`);
  response.setHeader('X-DB-Query-Count', String(database.count));
  response.setHeader('X-DB-Query-Time', `${database.milliseconds.toFixed(1)}ms`);
  response.setHeader(
    'Server-Timing',
    `total;dur=${milliseconds.toFixed(1)}, db;dur=${database.milliseconds.toFixed(1)}`,
  );
  if (scope?.versions.seen) response.setHeader('X-Consistency-Token', formatToken(scope.versions.seen));
  if (scope?.versions.older) response.setHeader('X-Older-Answer', 'true');
};

/**
 * Gives every request an id (the caller's, when it is a plain one), its timing headers, and one line when it is over. Goes
 * before Express or into it, in front of everything else.
 */
export const requestLog =
  (onFinished: (request: FinishedRequest) => void) =>
  (request: IncomingMessage, plainResponse: ServerResponse, next: (response: LoggedResponse) => void): void => {
    const startedAt = performance.now();
    const { method = '', url = '', headers } = request;
    const given = headers['x-request-id'];
    const requestId = typeof given === 'string' && CALLERS_ID.test(given) ? given : randomUUID();
    // Express keeps what it finds there.
    const response = Object.assign(plainResponse, { locals: { requestId } as Locals });
    response.setHeader('X-Request-Id', requestId);

    const { writeHead } = response;
    response.writeHead = (...args: unknown[]) => {
      setAnswerHeaders(response, startedAt);
      return Reflect.apply(writeHead, response, args);
    };

    response.once('close', () => {
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
      });
    });
    next(response);
  };
