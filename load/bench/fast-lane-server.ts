import type { RequestListener } from 'node:http';
import { initTRPC } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express, { type Express } from 'express';
import { newScope } from '../../src/platform/db/scope.ts';
import { createFastLane } from '../../src/transport/fast-lane/handler.ts';
import { createHttpApp, MAX_BATCH, MAX_BODY_BYTES } from '../../src/transport/http/app.ts';
import { listen } from '../../src/transport/http/server.ts';

// Forked by fast-lane.ts with a way: answers GET /trpc/hotels.list with 2 kB in that way. Tells its URL, and on each message
// the processor time it has taken.

const list = Array.from({ length: 12 }, (_, index) => ({
  propertyId: `0198c2b4-7a10-7000-8000-0000000000${index + 10}`,
  name: `Hotel ${index}`,
  city: 'Antwerp',
  currency: 'EUR',
  total: 10_000 + index,
  free: index % 4,
}));
const bytes = Buffer.from(JSON.stringify({ result: { data: list } }));

const t = initTRPC.create({ isDev: false });
const router = t.router({ hotels: t.router({ list: t.procedure.query(() => list) }) });
const none = () => {};
const createContext = async () => ({});
const bare = (): Express => express().disable('x-powered-by').set('etag', false);

const ways: Record<string, () => RequestListener> = {
  express: () => bare().get('/trpc/hotels.list', (_request, response) => void response.type('json').send(bytes)),
  stock: () => bare().use('/trpc', createExpressMiddleware({ router, createContext, allowMethodOverride: true })),
  lane: () => {
    const limits = { maxBodyBytes: MAX_BODY_BYTES, maxBatch: MAX_BATCH };
    const lane = createFastLane({ router, createContext, ...limits, onError: none });
    return (request, response) => lane(request, response, none);
  },
  app: () =>
    createHttpApp({
      router,
      createContext: async (_request, response) => {
        const { requestId } = response.locals;
        response.locals.scope = newScope(null);
        return { requestId, principal: null, scope: response.locals.scope, sourceAddress: '' };
      },
      readiness: async () => [],
      streams: (_request, _response, next) => next(),
      openapi: (_request, _response, next) => next(),
      onFinished: none,
      onFault: none,
    }),
};

const [way = ''] = process.argv.slice(2);
const create = ways[way];
if (!create) throw new Error(`Give one of: ${Object.keys(ways).join(', ')}.`);
process.on('SIGINT', () => process.exit());
process.on('message', () => process.send?.(process.cpuUsage()));
process.send?.((await listen(create(), { host: '127.0.0.1', port: 0 })).url);
