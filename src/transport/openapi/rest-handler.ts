import { type AnyTRPCRouter, callTRPCProcedure } from '@trpc/server';
import express, { type NextFunction, type Request, type Response } from 'express';
import { RequestError } from '../errors/request-error.ts';
import { sendUnchanged } from '../http/entity-tag.ts';
import { nameRoute } from '../http/request-trace.ts';
import { CachedData } from '../trpc/cached-data.ts';
import { type AnswerError, type ErrorOptions, errorAnswer } from './error-answer.ts';
import type { Components } from './json-schema.ts';
import type { Operation } from './operations.ts';
import { bodyReader } from './request-body.ts';
import { createInputReader, type ReadInput } from './request-input.ts';

export interface RestOptions extends ErrorOptions {
  router: AnyTRPCRouter;
  /** The same factory that serves tRPC; what it throws is answered as an error. */
  createContext: (call: { req: Request; res: Response; procedurePath: string }) => unknown;
  /** 256 kB unless given. */
  bodyLimitBytes?: number;
}

const serve = (operation: Operation, options: RestOptions, readInput: ReadInput, fail: AnswerError) => {
  const { procedurePath: path, type, route } = operation;
  const { router, createContext } = options;
  return async (req: Request, res: Response) => {
    const { trace } = res.locals;
    if (trace) nameRoute(trace, req.method, req.baseUrl + route.path);
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    try {
      const ctx = await createContext({ req, res, procedurePath: path });
      let input: Promise<unknown> | undefined;
      const getRawInput = () => {
        input ??= readInput(req, res);
        return input;
      };
      if (!operation.input) await getRawInput();
      const { signal } = gone;
      const data: unknown = await callTRPCProcedure({ router, path, type, ctx, getRawInput, signal, batchIndex: 0 });
      if (data instanceof CachedData && req.method === 'GET' && sendUnchanged(req, res, data.etag)) return;
      res.status(route.successStatus ?? 200);
      if (data instanceof CachedData) res.type('json').send(data.bytes);
      else res.json(data);
    } catch (cause) {
      fail(res, cause, path);
    }
  };
};

const refuseMethod = (methods: string[], fail: AnswerError) => {
  const allowed = methods
    .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    .sort()
    .join(', ');
  return (req: Request, res: Response) => {
    res.setHeader('Allow', allowed);
    if (req.method === 'OPTIONS') return void res.status(204).end();
    fail(res, new RequestError(405, 'METHOD_NOT_SUPPORTED', `${req.method} is not possible here; ${allowed} is.`));
  };
};

/** Words before fields, place by place, so that `/bookings/lookup` is not taken for an id. */
const bySpecificity = (a: string, b: string) => {
  const key = (path: string) => path.replaceAll(/\{\w+\}/g, '\uffff');
  return key(a) < key(b) ? -1 : 1;
};

/** The REST routes of the operations, to be mounted at the API's root; answers unknown routes and methods too. */
export const createRestHandler = (operations: Operation[], components: Components, options: RestOptions) => {
  const readBody = bodyReader(options.bodyLimitBytes ?? 256 * 1024);
  const fail = errorAnswer(options);
  const rest = express.Router({ caseSensitive: true, strict: true });
  const byPath = Map.groupBy(operations, ({ route }) => route.path);
  for (const [path, here] of [...byPath].sort(([a], [b]) => bySpecificity(a, b))) {
    const route = rest.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const operation of here) {
      const method = operation.route.method.toLowerCase() as Lowercase<typeof operation.route.method>;
      route[method](serve(operation, options, createInputReader(operation, components, readBody), fail));
    }
    route.all(
      refuseMethod(
        here.map((operation) => operation.route.method),
        fail,
      ),
    );
  }
  rest.use((req, res) => {
    const [path] = req.originalUrl.split('?');
    fail(res, new RequestError(404, 'NO_SUCH_PATH', `Nothing is at ${path}. The API is described at /docs.`));
  });
  rest.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    const badUrl = error instanceof Error && Reflect.get(error, 'status') === 400;
    fail(res, badUrl ? new RequestError(400, 'INVALID_INPUT', 'The URL is not validly encoded.') : error);
  });
  return rest;
};
