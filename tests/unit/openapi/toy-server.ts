import type { AddressInfo } from 'node:net';
import express from 'express';
import { toErrorBody } from '../../../src/transport/errors/translate.ts';
import { createOpenApi, type OpenApiOptions } from '../../../src/transport/openapi/index.ts';
import { toyRouter } from './toy-router.ts';

export const info = { title: 'Toy', version: '1.2.3', description: 'An inn with `one` room.' };

/** The toy router's OpenAPI side, with the server's own translation of errors. */
export const toyOpenApi = (more: Partial<OpenApiOptions> = {}) =>
  createOpenApi({
    router: toyRouter,
    createContext: ({ req }) => ({ token: req.get('authorization')?.replace('Bearer ', '') }),
    toErrorBody,
    info,
    ...more,
  });

/** Serves it on a free loopback port. */
export const startToyServer = async (more: Partial<OpenApiOptions> = {}) => {
  const app = express();
  app.use(toyOpenApi(more).routes);
  app.use((_req, res) => void res.status(418).end());
  const server = app.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => new Promise((done) => server.close(done)) };
};
