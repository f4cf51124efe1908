import type { Request, Response } from 'express';
import { sql } from 'kysely';
import { apiInfo } from './api-info.ts';
import { createAppRouter } from './app-router.ts';
import type { Config } from './config.ts';
import { ApiKeyEntity, createAccess, SessionEntity, UserEntity } from './features/access/index.ts';
import { createAvailabilityRouter } from './features/availability/index.ts';
import { BookingEntity, BookingLineEntity, createBookings } from './features/bookings/index.ts';
import { createClock } from './features/clock/index.ts';
import { createCommands, createGuestVault, expireKeys } from './features/commands/index.ts';
import { createEvents } from './features/events/index.ts';
import { GuestEntity } from './features/guests/index.ts';
import { createImports } from './features/imports/index.ts';
import { createInventory, rollHorizon, sweepAllHolds } from './features/inventory/index.ts';
import { createProperties, propertyEntities } from './features/properties/index.ts';
import { createRates, RatePlanEntity, refreshAllPricesFrom } from './features/rates/index.ts';
import type { Clock } from './kernel/clock.ts';
import { type Ids, randomIds } from './kernel/ids.ts';
import { migrationsList } from './migrations/index.ts';
import { parseToken } from './platform/db/consistency-token.ts';
import { openDatabase } from './platform/db/database.ts';
import { forEachTenant } from './platform/db/each-tenant.ts';
import { createReadiness } from './platform/db/readiness.ts';
import { newScope } from './platform/db/scope.ts';
import { openSources } from './platform/db/sources.ts';
import { untilAborted } from './platform/db/until-aborted.ts';
import { createWakeups } from './platform/events/wakeups.ts';
import type { Task } from './platform/jobs/task.ts';
import { type Listeners, silentListeners } from './platform/telemetry/listeners.ts';
import { isFault, toAppError, toErrorBody } from './transport/errors/translate.ts';
import { createHttpApp, MAX_BODY_BYTES } from './transport/http/app.ts';
import { createOpenApi } from './transport/openapi/index.ts';
import type { RequestContext } from './transport/trpc/context.ts';

export interface Seams {
  clock: Clock;
  ids?: Ids;
  /** Told what happens; silent unless given. */
  listeners?: Listeners;
}

/** Where NOTIFY tells of new events. */
export const WAKEUP_CHANNEL = 'innkeeper_events';

const MINUTE_MS = 60_000;

/** Builds everything; the only place that does. */
export const compose = async (config: Config, { clock, ids = randomIds, listeners = silentListeners }: Seams) => {
  const applicationName = 'innkeeper';
  const database = await openDatabase({
    primaryUrl: config.DATABASE_URL,
    replicaUrls: config.DATABASE_REPLICA_URLS,
    role: config.DATABASE_ROLE,
    poolSize: config.DATABASE_POOL_SIZE,
    acquireTimeoutMs: config.DATABASE_ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    idleTimeoutMs: config.DATABASE_IDLE_TIMEOUT_MS,
    idleTransactionTimeoutMs: config.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS,
    applicationName,
    entities: [
      UserEntity,
      SessionEntity,
      ApiKeyEntity,
      ...propertyEntities,
      RatePlanEntity,
      GuestEntity,
      BookingEntity,
      BookingLineEntity,
    ],
    onStatement: listeners.onStatement,
    onConnectionFault: listeners.onConnectionFault,
  });
  const sources = openSources({
    urls: [config.DATABASE_URL, ...config.DATABASE_REPLICA_URLS],
    role: config.DATABASE_ROLE,
    applicationName,
    timeoutMs: config.READINESS_TIMEOUT_MS,
  });
  const wakeups = createWakeups({
    origin: ids.uuid(),
    send: (message) =>
      database.read(newScope(null), 'primary', (db) =>
        sql`select pg_notify(${WAKEUP_CHANNEL}, ${message})`.execute(db),
      ),
    startTimer: (ms, ring) => void setTimeout(ring, ms),
  });
  const vault = createGuestVault(config.DATA_KEY);
  const commands = createCommands({ database, clock, ids, vault, onCommitted: wakeups.raise });
  const access = createAccess({
    database,
    commands,
    clock,
    ids,
    authSecret: config.AUTH_SECRET,
    settings: {
      accessTokenMs: config.ACCESS_TOKEN_MINUTES * MINUTE_MS,
      sessionMs: config.SESSION_DAYS * 1_440 * MINUTE_MS,
      attemptsPerAccount: config.SIGN_IN_ATTEMPTS_PER_ACCOUNT,
      attemptsPerAddress: config.SIGN_IN_ATTEMPTS_PER_ADDRESS,
      attemptWindowMs: config.SIGN_IN_WINDOW_MINUTES * MINUTE_MS,
    },
    onFault: (error) => listeners.onFault(error, ''),
  });
  const horizonDays = config.HORIZON_DAYS;
  const inventory = createInventory({ database, commands, clock, ids, horizonDays });
  const { properties, roomTypes, rooms } = createProperties({ database, commands, ids, horizonDays });
  const rates = createRates({ database, commands, ids });
  const bookings = createBookings({ database, commands, clock, ids, holdMinutes: config.HOLD_MINUTES });
  const events = createEvents({ database });
  const imports = createImports({ database, commands, clock, ids, horizonDays });
  const tasks: Task[] = [
    {
      name: 'sweep-holds',
      schedule: { everyMs: config.SWEEP_INTERVAL_MS },
      run: (signal) => sweepAllHolds(untilAborted(database, signal), clock),
    },
    {
      name: 'roll-horizon',
      schedule: { everyMs: config.HORIZON_INTERVAL_MS },
      run: (signal) => rollHorizon(untilAborted(database, signal), clock, horizonDays),
    },
    {
      name: 'refresh-lowest-prices',
      schedule: { everyMs: config.HORIZON_INTERVAL_MS },
      run: (signal) => refreshAllPricesFrom(untilAborted(database, signal), clock),
    },
    {
      name: 'expire-idempotency-keys',
      schedule: { everyMs: config.KEY_EXPIRY_INTERVAL_MS },
      run: (signal) => {
        const interruptible = untilAborted(database, signal);
        return forEachTenant(interruptible, (scope) => expireKeys(interruptible, scope, clock.nowIso()));
      },
    },
  ];
  const runTasks = async () => {
    const { signal } = new AbortController();
    for (const task of tasks) await task.run(signal);
  };
  const appRouter = createAppRouter({
    ...access.routers,
    properties,
    roomTypes,
    rooms,
    rates: rates.router,
    inventory: inventory.router,
    availability: createAvailabilityRouter({ database, clock }),
    bookings: bookings.router,
    events: events.router,
    clock: createClock(clock, { commands, afterAdvance: runTasks }).router,
  });
  const databaseReadiness = createReadiness(
    sources,
    migrationsList().map(({ name }) => name),
  );
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

  const openapi = createOpenApi({
    router: appRouter,
    createContext: ({ req, res }) => createContext(req, res),
    toErrorBody,
    onError: ({ cause, requestId }) => {
      const fault = toAppError(cause);
      if (isFault(fault)) listeners.onFault(fault, requestId);
    },
    bodyLimitBytes: MAX_BODY_BYTES,
    info: apiInfo,
  });
  const app = createHttpApp({
    router: appRouter,
    createContext,
    readiness: async () => (draining ? ['draining'] : databaseReadiness()),
    openapi: openapi.routes,
    onFinished: listeners.onFinished,
    onFault: listeners.onFault,
  });
  return {
    app,
    appRouter,
    access,
    imports,
    database,
    /** Each database by itself, also while the pools are busy. */
    sources,
    /** Where whoever waits for events is woken. */
    wakeups,
    /** What is done beside requests, for a worker. */
    tasks,
    /** Turns unready, so that no new traffic comes while what runs is finished. */
    drain: () => {
      draining = true;
    },
    /** Closes what was opened, in reverse. */
    close: async () => {
      await access.settled();
      await sources.close();
      await database.close();
    },
  };
};

export type Application = Awaited<ReturnType<typeof compose>>;
export type AppRouter = Application['appRouter'];
