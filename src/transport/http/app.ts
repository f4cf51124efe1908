import type { AnyTRPCRouter } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { AppError } from '../../kernel/app-error.ts';
import { isFault, toAppError, toErrorBody } from '../errors/translate.ts';
import type { RequestContext } from '../trpc/context.ts';
import { healthRoutes, type Readiness } from './health.ts';
import { type FinishedRequest, requestLog } from './request-log.ts';

export const MAX_BODY_BYTES = 256 * 1024;
export const MAX_BATCH = 20;

export interface HttpAppOptions {
  router: AnyTRPCRouter;
  createContext: (request: Request, response: Response) => Promise<RequestContext>;
  readiness: Readiness;
  /** Answers subscriptions. */
  streams: RequestHandler;
  /** REST routes, `/openapi.json` and `/docs`; mounted at the root. */
  openapi: RequestHandler;
  onFinished: (request: FinishedRequest) => void;
  /** What is answered with a 5xx, with its cause. */
  onFault: (error: unknown, requestId: string) => void;
}

/** Express in one visible order: id and timing, health, subscriptions, tRPC, REST and docs, then what nobody answered. */
export const createHttpApp = (options: HttpAppOptions): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');

  app.use(requestLog(options.onFinished));
  app.use((_request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use(healthRoutes(options.readiness));
  app.use('/trpc', options.streams);
  app.use(
    '/trpc',
    createExpressMiddleware({
      router: options.router,
      createContext: ({ req, res }) => options.createContext(req, res),
      maxBodySize: MAX_BODY_BYTES,
      maxBatchSize: MAX_BATCH,
      // Queries may come as POST, so that long inputs and e-mails stay out of URLs.
      allowMethodOverride: true,
      onError: ({ error, ctx }) => {
        const fault = toAppError(error);
        if (isFault(fault)) options.onFault(fault, ctx?.requestId ?? '');
      },
    }),
  );
  app.use(options.openapi);
  app.use((request, _response, next) => {
    next(new AppError('not_found', 'NO_SUCH_PATH', `Nothing is at ${request.path}. The API is described at /docs.`));
  });
  app.use((thrown: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const { status, body } = toErrorBody(thrown, response.locals.requestId);
    const error = toAppError(thrown);
    if (isFault(error)) options.onFault(error, response.locals.requestId);
    if (response.headersSent) response.destroy();
    else response.status(status).json(body);
  });
  return app;
};
