import type { Request, Response } from 'express';
import { Router } from 'express';
import { createAppRouter } from './app-router.ts';
import type { Config } from './config.ts';
import { createAccess, DEFAULT_ACCESS_SETTINGS } from './features/access/index.ts';
import { BookingEntity, BookingLineEntity, createBookings } from './features/bookings/index.ts';
import { createCommands, createGuestVault } from './features/commands/index.ts';
import { createEvents } from './features/events/index.ts';
import { GuestEntity } from './features/guests/index.ts';
import type { Clock } from './kernel/clock.ts';
import { type Ids, randomIds } from './kernel/ids.ts';
import { parseToken } from './platform/db/consistency-token.ts';
import { openDatabase } from './platform/db/database.ts';
import { newScope } from './platform/db/scope.ts';
import { createHttpApp } from './transport/http/app.ts';
import type { RequestContext } from './transport/trpc/context.ts';

export interface Seams {
  clock: Clock;
  ids?: Ids;
}

/** Builds everything; the only place that does. */
export const compose = async (config: Config, { clock, ids = randomIds }: Seams) => {
  const database = await openDatabase({
    primaryUrl: config.DATABASE_URL,
    replicaUrls: config.DATABASE_REPLICA_URLS,
    role: config.DATABASE_ROLE,
    poolSize: config.DATABASE_POOL_SIZE,
    acquireTimeoutMs: config.DATABASE_ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    applicationName: 'innkeeper',
    entities: [GuestEntity, BookingEntity, BookingLineEntity],
    onStatement: () => {},
    onConnectionFault: () => {},
  });
  const vault = createGuestVault(config.DATA_KEY);
  const commands = createCommands({ database, clock, ids, vault });
  const access = createAccess({
    database,
    commands,
    clock,
    ids,
    authSecret: config.AUTH_SECRET,
    settings: DEFAULT_ACCESS_SETTINGS,
  });
  const bookings = createBookings({ database, commands, clock, ids, holdMinutes: config.HOLD_MINUTES });
  const events = createEvents({ database });
  const appRouter = createAppRouter({ bookings: bookings.router, events: events.router });
  let draining = false;

  const createContext = async (request: Request, response: Response): Promise<RequestContext> => {
    const sent = request.headers['x-consistency-token'];
    const token = typeof sent === 'string' ? parseToken(sent) : null;
    const identity = await access.identify(request.headers.authorization, token);
    const scope = newScope(identity.principal?.tenant ?? null, token);
    response.locals.scope = scope;
    return {
      requestId: response.locals.requestId,
      ...identity,
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
    appRouter,
    access,
    database,
    /** Turns unready, so that no new traffic comes while what runs is finished. */
    drain: () => {
      draining = true;
    },
    /** Closes what was opened, in reverse. */
    close: async () => {
      await access.settled();
      await database.close();
    },
  };
};

export type Application = Awaited<ReturnType<typeof compose>>;
export type AppRouter = Application['appRouter'];
