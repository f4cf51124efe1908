import express, { type RequestHandler, Router } from 'express';
import { ZodError } from 'zod';
import { AppError } from '../../kernel/app-error.ts';

/** By path: what is read, and what is done with the body's JSON. */
export interface Endpoints {
  read: Record<string, () => unknown>;
  manage: Record<string, (body: unknown) => unknown>;
}

const MOST_BODY = '16kb';

const invalidBody = (error: ZodError): AppError =>
  new AppError('invalid', 'INVALID_INPUT', 'Some fields are not valid.', {
    fields: error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
  });

const readBody: RequestHandler = (request, response, next) =>
  express.json({ limit: MOST_BODY })(request, response, (error?: unknown) =>
    next(error && new AppError('invalid', 'MALFORMED_JSON', 'The body is not valid JSON.', { cause: error })),
  );

/** Answers each path with what its function answers, as JSON. */
export const performanceRoutes = ({ read, manage }: Endpoints): Router => {
  const routes = Router();
  for (const [path, answer] of Object.entries(read)) {
    routes.get(path, async (_request, response) => {
      response.json(await answer());
    });
  }
  for (const [path, act] of Object.entries(manage)) {
    routes.post(path, readBody, async (request, response) => {
      try {
        response.json(await act(request.body ?? {}));
      } catch (error) {
        throw error instanceof ZodError ? invalidBody(error) : error;
      }
    });
  }
  return routes;
};
