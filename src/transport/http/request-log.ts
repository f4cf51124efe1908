import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { formatToken } from '../../platform/db/consistency-token.ts';
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

const setAnswerHeaders = (response: Response, startedAt: number): void => {
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
  if (scope?.token) response.setHeader('X-Consistency-Token', formatToken(scope.token));
};

/** Gives every request an id (the caller's, when it is a plain one), its timing headers, and one line when it is over. */
export const requestLog =
  (onFinished: (request: FinishedRequest) => void): RequestHandler =>
  (request: Request, response: Response, next: NextFunction) => {
    const startedAt = performance.now();
    // Read before any router takes its mount point off.
    const { method, path } = request;
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && CALLERS_ID.test(given) ? given : randomUUID();
    response.locals.requestId = requestId;
    response.setHeader('X-Request-Id', requestId);

    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => Response;
    response.writeHead = ((...args: unknown[]) => {
      setAnswerHeaders(response, startedAt);
      return writeHead(...args);
    }) as Response['writeHead'];

    response.once('close', () => {
      const database = response.locals.scope?.statistics;
      onFinished({
        requestId,
        method,
        path,
        status: response.statusCode,
        aborted: !response.writableFinished,
        stream: response.locals.stream === true,
        milliseconds: performance.now() - startedAt,
        statements: database?.count ?? 0,
        databaseMilliseconds: database?.milliseconds ?? 0,
      });
    });
    next();
  };
