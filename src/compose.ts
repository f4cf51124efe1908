import type { Express, Request, Response } from 'express';
import { Router } from 'express';
import { createAppRouter } from './app-router.ts';
import type { Config } from './config.ts';
import { createCommands, createGuestVault } from './features/commands/index.ts';
import type { Clock } from './kernel/clock.ts';
import { type Ids, randomIds } from './kernel/ids.ts';
import { parseToken } from './platform/db/consistency-token.ts';
import { type Database, openDatabase } from './platform/db/database.ts';
import { newScope } from './platform/db/scope.ts';
import { createHttpApp } from './transport/http/app.ts';
import type { RequestContext } from './transport/trpc/context.ts';

export interface Application {
  app: Express;
  database: Database;
  /** Turns unready, so that no new traffic comes while what runs is finished. */
  drain(): void;
  /** Closes what was opened, in reverse. */
  close(): Promise<void>;
}

export interface Seams {
  clock: Clock;
  ids?: Ids;
}

/** Builds everything; the only place that does. */
export const compose = async (config: Config, { clock, ids = randomIds }: Seams): Promise<Application> => {
  const database = await openDatabase({
    primaryUrl: config.DATABASE_URL,
    replicaUrls: config.DATABASE_REPLICA_URLS,
    role: config.DATABASE_ROLE,
    poolSize: config.DATABASE_POOL_SIZE,
    acquireTimeoutMs: config.DATABASE_ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    applicationName: 'innkeeper',
    entities: [],
    onStatement: () => {},
    onConnectionFault: () => {},
  });
  const vault = createGuestVault(config.DATA_KEY);
  const commands = createCommands({ database, clock, ids, vault });
  void commands;
  const appRouter = createAppRouter({});
  let draining = false;

  const createContext = async (request: Request, response: Response): Promise<RequestContext> => {
    const token = request.headers['x-consistency-token'];
    const principal = null;
    const scope = newScope(null, typeof token === 'string' ? parseToken(token) : null);
    response.locals.scope = scope;
    return {
      requestId: response.locals.requestId,
      principal,
      scope,
      sourceAddress: request.socket.remoteAddress ?? '',
    };
  };

  const app = createHttpApp({
    router: appRouter,
    createContext,
    readiness: async () => (draining ? ['draining'] : []),
    openapi: Router(),
    onFinished: () => {},
    onFault: () => {},
  });
  return {
    app,
    database,
    drain: () => {
      draining = true;
    },
    close: () => database.close(),
  };
};
