import express, { type Express, type RequestHandler } from 'express';
import { toErrorBody } from '../errors/translate.ts';
import { healthRoutes, type Readiness } from '../http/health.ts';

export interface AdminAppOptions {
  readiness: Readiness;
  /** The text that Prometheus scrapes; null where nothing is measured. */
  metrics: { contentType: string; text(): Promise<string> } | null;
  /** What else is told on this port. */
  routes: readonly RequestHandler[];
}

/**
 * What operators and their tools reach on a port of its own, which is not for the public: it asks for no credentials. Answers while
 * the server starts, too.
 */
export const createAdminApp = ({ readiness, metrics, routes }: AdminAppOptions): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(healthRoutes(readiness));
  if (metrics) {
    app.get(['/metrics', '/performance/metrics/prometheus'], async (_request, response) => {
      response.setHeader('Content-Type', metrics.contentType);
      response.end(await metrics.text());
    });
  }
  for (const route of routes) app.use(route);
  app.use((_request, response) => {
    response
      .status(404)
      .json({ error: { code: 'NO_SUCH_PATH', message: 'Nothing is there. Try /metrics or /health/detailed.' } });
  });
  app.use(((thrown, _request, response, _next) => {
    const { status, body } = toErrorBody(thrown, '');
    response.status(status).json(body);
  }) satisfies express.ErrorRequestHandler);
  return app;
};
