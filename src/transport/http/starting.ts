import express, { type Express } from 'express';
import { AppError } from '../../kernel/app-error.ts';
import { toErrorBody } from '../errors/translate.ts';
import { tellAtHead } from './answer-head.ts';
import { healthRoutes } from './health.ts';
import { requestLog } from './request-log.ts';

/** What is served until the server is ready: alive, not ready, and a retryable 503 for all else. */
export const createStartingApp = (): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  const log = requestLog(() => {});
  app.use((request, plainResponse, next) =>
    log(request, plainResponse, (response) => {
      tellAtHead(response);
      next();
    }),
  );
  app.use(healthRoutes(async () => ['starting']));
  app.use((_request, response) => {
    const starting = new AppError('unavailable', 'STARTING', 'The server is starting. Try again in a moment.', {
      retryable: true,
    });
    const { status, body } = toErrorBody(starting, response.locals.requestId);
    response.status(status).setHeader('Retry-After', '1').json(body);
  });
  return app;
};
