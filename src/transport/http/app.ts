import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AnyTRPCRouter, TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { AppError } from '../../kernel/app-error.ts';
import type { Tracer } from '../../kernel/tracing.ts';
import { isFault, toAppError, toErrorBody } from '../errors/translate.ts';
import { createFastLane } from '../fast-lane/handler.ts';
import { beginCall } from '../trpc/call-trace.ts';
import type { RequestContext } from '../trpc/context.ts';
import { answerHead, tellAtHead } from './answer-head.ts';
import { compressAnswer } from './compression.ts';
import { healthRoutes, type Readiness } from './health.ts';
import { type FinishedRequest, type LoggedResponse, requestLog } from './request-log.ts';

export const MAX_BODY_BYTES = 256 * 1024;
export const MAX_BATCH = 20;

export interface HttpAppOptions {
  router: AnyTRPCRouter;
  createContext: (request: IncomingMessage, response: LoggedResponse) => RequestContext | Promise<RequestContext>;
  readiness: Readiness;
  /** Answers subscriptions. */
  streams: RequestHandler;
  /** REST routes, `/openapi.json` and `/docs`; mounted at the root. */
  openapi: RequestHandler;
  onFinished: (request: FinishedRequest) => void;
  /** What is answered with a 5xx, with its cause. */
  onFault: (error: unknown, requestId: string, traceId?: string) => void;
  /** Records requests; nothing is unless given. */
  tracer?: Tracer | undefined;
}

interface FailedCall {
  error: TRPCError;
  ctx?: RequestContext | undefined;
}

/** Express in one visible order: subscriptions, what else the fast lane leaves of tRPC, health, REST, docs, then the rest. */
const createRoutes = (options: HttpAppOptions, onError: (failed: FailedCall) => void): Express => {
  const { router, createContext } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');

  app.use(
    '/trpc',
    options.streams,
    createExpressMiddleware({
      router,
      createContext: async ({ req, res }) => createContext(req, res),
      maxBodySize: MAX_BODY_BYTES,
      maxBatchSize: MAX_BATCH,
      // Queries may come as POST, so that long inputs and e-mails stay out of URLs.
      allowMethodOverride: true,
      onError,
    }),
  );
  app.use(healthRoutes(options.readiness));
  app.use(options.openapi);
  app.use((request, _response, next) => {
    next(new AppError('not_found', 'NO_SUCH_PATH', `Nothing is at ${request.path}. The API is described at /docs.`));
  });
  app.use((thrown: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const { status, body } = toErrorBody(thrown, response.locals.requestId);
    const error = toAppError(thrown);
    if (isFault(error)) options.onFault(error, response.locals.requestId, response.locals.trace?.id);
    if (response.headersSent) response.destroy();
    else response.status(status).json(body);
  });
  return app;
};

/** Tells of a call that no procedure had to be called for. */
const tellKept = ({ watch, scope }: RequestContext, procedure: string): void => {
  if (!watch) return;
  const { startedAt } = watch;
  if (scope.trace) beginCall(scope.trace, procedure, 'query', startedAt).end({ code: 'OK', cache: 'hit' });
  watch.onCall({
    procedure,
    kind: 'query',
    code: 'OK',
    failed: false,
    cache: 'hit',
    milliseconds: performance.now() - startedAt,
    traceId: scope.trace?.id,
  });
};

/** Id and timing, the headers of every answer, compression, the fast lane, and Express for what it leaves. */
export const createHttpApp = (options: HttpAppOptions): RequestListener => {
  const { router, createContext } = options;
  const onError = ({ error, ctx }: FailedCall) => {
    const fault = toAppError(error);
    if (isFault(fault)) options.onFault(fault, ctx?.requestId ?? '', ctx?.scope.trace?.id);
  };
  const log = requestLog(options.onFinished, options.tracer);
  const routes = createRoutes(options, onError);
  const lane = createFastLane({
    ...{ router, createContext, maxBodyBytes: MAX_BODY_BYTES, maxBatch: MAX_BATCH, onError },
    keptAnswer: (context: RequestContext, text) => context.answers?.kept(context, text),
    leftAnswer: (context: RequestContext, text) => context.answers?.left(context, text),
    onKept: tellKept,
    headOf: answerHead,
    prepare(request, response) {
      tellAtHead(response);
      response.setHeader('X-Content-Type-Options', 'nosniff');
      response.setHeader('Cache-Control', 'no-store');
      compressAnswer(request, response);
    },
  });

  return (request: IncomingMessage, plainResponse: ServerResponse) => {
    log(request, plainResponse, (response) => {
      lane(request, response, (thrown) => {
        if (thrown === undefined) return routes(request, response);
        options.onFault(thrown, response.locals.requestId, response.locals.trace?.id);
        response.destroy();
      });
    });
  };
};
