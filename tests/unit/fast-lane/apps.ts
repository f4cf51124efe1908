import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import { createFastLane } from '../../../src/transport/fast-lane/handler.ts';
import { tellAtHead } from '../../../src/transport/http/answer-head.ts';
import { requestLog } from '../../../src/transport/http/request-log.ts';
import { listen } from '../../../src/transport/http/server.ts';
import { createTestRouter, type RouterOptions, type TestContext } from './router.ts';

export const MAX_BODY_BYTES = 2_000;
export const MAX_BATCH = 4;

export interface TestServer {
  url: string;
  port: number;
  /**
   * What `onError` was told since it was last asked, sorted: calls of a batch fail in no promised order. Nor is it promised
   * that a call which reads no input fails after another one has read it, so leave inputs out there.
   */
  takeFailures(options?: { inputs: boolean }): unknown[];
  /** The signal of the next call of `waiting` or `later`. */
  nextSignal(): Promise<AbortSignal | undefined>;
  close(): Promise<void>;
}

interface Failure {
  error: TRPCError;
  type: string;
  path: string | undefined;
  input: unknown;
  ctx: TestContext | undefined;
}

/** A server of the test router, by the stock adapter alone or with the fast lane before it. */
export const startServer = async (lane: 'fast' | 'stock', options: RouterOptions = {}): Promise<TestServer> => {
  const router = createTestRouter(options);
  let failures: ({ input: unknown } & Record<string, unknown>)[] = [];
  const listeners: ((signal: AbortSignal | undefined) => void)[] = [];

  const createContext = async (request: IncomingMessage, response: ServerResponse): Promise<TestContext> => {
    await new Promise(setImmediate);
    if (request.headers['x-context'] === 'fails') throw new Error('no context');
    return {
      user: request.headers.authorization ?? 'anonymous',
      response,
      onSignal: (signal) => listeners.shift()?.(signal),
    };
  };
  const onError = ({ error, type, path, input, ctx }: Failure) => {
    const { code, message, cause } = error;
    failures.push({ code, message, cause: cause?.message, type, path, input, user: ctx?.user });
  };

  const log = requestLog(() => {});
  const maxBatch = MAX_BATCH;
  const fast = createFastLane({ router, createContext, maxBodyBytes: MAX_BODY_BYTES, maxBatch, onError });
  const app = express().disable('x-powered-by').set('etag', false);
  app.use(
    '/trpc',
    createExpressMiddleware({
      router,
      createContext: ({ req, res }) => createContext(req, res),
      maxBodySize: MAX_BODY_BYTES,
      maxBatchSize: maxBatch,
      allowMethodOverride: true,
      onError,
    }),
  );
  const listener = (request: IncomingMessage, plainResponse: ServerResponse) =>
    log(request, plainResponse, (response) => {
      tellAtHead(response);
      if (lane === 'fast') fast(request, response, () => app(request, response));
      else app(request, response);
    });
  const server = await listen(listener, { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    port: Number(new URL(server.url).port),
    takeFailures({ inputs } = { inputs: true }) {
      const taken = failures.map(({ input, ...told }) => JSON.stringify(inputs ? { ...told, input } : told)).toSorted();
      failures = [];
      return taken;
    },
    nextSignal: () => new Promise((resolve) => listeners.push(resolve)),
    close: () => server.close(0),
  };
};
