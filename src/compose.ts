import { sql } from 'kysely';
import manifest from '../package.json' with { type: 'json' };
import { apiInfo } from './api-info.ts';
import { createAppRouter } from './app-router.ts';
import type { Config } from './config.ts';
import { ApiKeyEntity, createAccess, SessionEntity, sourceNetwork, UserEntity } from './features/access/index.ts';
import { createAvailabilityRouter, createSearchIndexes } from './features/availability/index.ts';
import { BookingEntity, BookingLineEntity, createBookings } from './features/bookings/index.ts';
import { createClock } from './features/clock/index.ts';
import { createCommands, createGuestVault, expireKeys } from './features/commands/index.ts';
import {
  createDispatcher,
  createEvents,
  createFeed,
  createFollowers,
  orderedCursor,
  readBacklog,
  taggedEvents,
} from './features/events/index.ts';
import { GuestEntity } from './features/guests/index.ts';
import { createImports } from './features/imports/index.ts';
import { createInventory, rollHorizon, sweepAllHolds } from './features/inventory/index.ts';
import { maintain } from './features/maintenance/index.ts';
import { createProperties, propertyEntities } from './features/properties/index.ts';
import { createRates, RatePlanEntity, refreshAllPricesFrom } from './features/rates/index.ts';
import { createWebhooks, WebhookEndpointEntity, webhookMessages } from './features/webhooks/index.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import { type Ids, randomIds } from './kernel/ids.ts';
import { migrationsList } from './migrations/index.ts';
import { createCache, openShared } from './platform/cache/index.ts';
import { openDatabase } from './platform/db/database.ts';
import { forEachTenant } from './platform/db/each-tenant.ts';
import { createReadiness } from './platform/db/readiness.ts';
import { newScope } from './platform/db/scope.ts';
import { openSources } from './platform/db/sources.ts';
import { untilAborted } from './platform/db/until-aborted.ts';
import { createWakeups } from './platform/events/wakeups.ts';
import type { Task } from './platform/jobs/task.ts';
import { openOutbound } from './platform/outbound/index.ts';
import { type Listeners, silentListeners } from './platform/telemetry/listeners.ts';
import { isFault, toAppError, toErrorBody } from './transport/errors/translate.ts';
import { createHttpApp, MAX_BODY_BYTES } from './transport/http/app.ts';
import { clientAddress } from './transport/limits/client-address.ts';
import { createRateLimits } from './transport/limits/rate-limits.ts';
import { createWorkLimits, queriesFor } from './transport/limits/work-limits.ts';
import { createOpenApi } from './transport/openapi/index.ts';
import { createStreamHandler } from './transport/streams/handler.ts';
import { createOpenStreams } from './transport/streams/open-streams.ts';
import { createAnswerCache } from './transport/trpc/answer-cache.ts';
import { contextFactory } from './transport/trpc/create-context.ts';

export interface Seams {
  clock: Clock;
  ids?: Ids;
  /** Told what happens; silent unless given. */
  listeners?: Listeners;
}

/** Where NOTIFY tells of new events. */
export const WAKEUP_CHANNEL = 'innkeeper_events';

const MINUTE_MS = 60_000;
/** A tenant of whom nothing is asked for so long has its writes followed no more. */
const CACHE_IDLE_MS = 2 * MINUTE_MS;

/** Rings once, unless the answered function is called before. */
const startTimer = (ms: number, ring: () => void): (() => void) => {
  const timer = setTimeout(ring, ms);
  return () => clearTimeout(timer);
};

/** Builds everything; the only place that does. */
export const compose = async (config: Config, { clock, ids = randomIds, listeners = silentListeners }: Seams) => {
  const applicationName = 'innkeeper';
  const database = await openDatabase({
    primaryUrl: config.DATABASE_URL,
    replicaUrls: config.DATABASE_REPLICA_URLS,
    role: config.DATABASE_ROLE,
    pooled: config.DATABASE_POOLER,
    poolLeast: config.DATABASE_POOL_LEAST,
    poolSize: config.DATABASE_POOL_SIZE,
    connectionLifeMs: config.DATABASE_CONNECTION_LIFE_MS,
    acquireTimeoutMs: config.DATABASE_ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    idleTimeoutMs: config.DATABASE_IDLE_TIMEOUT_MS,
    idleTransactionTimeoutMs: config.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS,
    applicationName,
    replicas: {
      waitMs: config.REPLICA_WAIT_MS,
      behindMs: config.REPLICA_BEHIND_MS,
      checkMs: config.DATABASE_CHECK_MS,
      checkTimeoutMs: config.DATABASE_CHECK_TIMEOUT_MS,
      maxLagMs: config.REPLICA_MAX_LAG_MS,
    },
    entities: [
      UserEntity,
      SessionEntity,
      ApiKeyEntity,
      ...propertyEntities,
      RatePlanEntity,
      GuestEntity,
      BookingEntity,
      BookingLineEntity,
      WebhookEndpointEntity,
    ],
    onStatement: listeners.onStatement,
    onConnectionFault: listeners.onConnectionFault,
    onReplica: listeners.onReplica,
    onPrimary: listeners.onPrimary,
  });
  const sources = openSources({
    urls: [config.DATABASE_URL, ...config.DATABASE_REPLICA_URLS],
    role: config.DATABASE_ROLE,
    pooled: config.DATABASE_POOLER,
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
    ...(config.CACHE_MB && { follow: (tenant: string) => followers.of(tenant) }),
    onFault: (error) => listeners.onFault(error, ''),
  });
  const horizonDays = config.HORIZON_DAYS;
  const inventory = createInventory({ database, commands, clock, ids, horizonDays });
  const { properties, roomTypes, rooms } = createProperties({ database, commands, ids, horizonDays });
  const rates = createRates({ database, commands, ids });
  const feed = createFeed({
    database,
    wakeups,
    startTimer,
    onFault: (error) => listeners.onFault(error, ''),
  });
  const shared =
    config.CACHE_MB && config.REDIS_URL
      ? openShared({
          url: config.REDIS_URL,
          // What depends on what, and how an answer looks, may differ between releases.
          prefix: `${config.REDIS_PREFIX}${manifest.version}:`,
          timeoutMs: config.REDIS_TIMEOUT_MS,
          nowMs: () => performance.now(),
          newId: ids.uuid,
          readBacklog: (tenant, cursor) => readBacklog(database, tenant, cursor),
          onChange: listeners.onRedis,
        })
      : null;
  const cache = config.CACHE_MB
    ? createCache({
        shared: shared?.tier,
        maxBytes: config.CACHE_MB * 1_000_000,
        nowMs: () => performance.now(),
        fraction: ids.fraction,
        follow: (tenant) => followers.of(tenant),
      })
    : null;
  const followers = createFollowers({
    database,
    wakeups,
    startTimer,
    nowMs: () => performance.now(),
    ...{ pollMs: config.CACHE_POLL_MS, idleMs: CACHE_IDLE_MS },
    onBegin(tenant, at) {
      cache?.forget(tenant, at);
      shared?.histories.begun(tenant);
      access.accessChanged(tenant);
    },
    onEvents(tenant, events, at) {
      const tags = taggedEvents(events);
      cache?.invalidate(tenant, tags.keys(), at);
      shared?.histories.told(tenant, tags);
      if (events.some(({ type }) => type === 'access.changed')) access.accessChanged(tenant);
    },
    onLook: (tenant, cursor, at) => shared?.histories.looked(tenant, orderedCursor(cursor), at),
    onFault: (error) => listeners.onFault(error, ''),
  });
  const indexes = config.SEARCH_INDEX
    ? createSearchIndexes({
        database,
        clock,
        wakeups,
        maxBytes: config.SEARCH_INDEX_MB * 1_000_000,
        maxLagMs: config.SEARCH_INDEX_MAX_LAG_MS,
        onFault: (error) => listeners.onFault(error, ''),
      })
    : null;
  const bookings = createBookings({ database, commands, clock, ids, feed, holdMinutes: config.HOLD_MINUTES });
  const events = createEvents({ database });
  const outbound = openOutbound({
    allowPrivate: config.WEBHOOK_ALLOW_PRIVATE,
    connectTimeoutMs: config.WEBHOOK_TIMEOUT_MS,
    timeoutMs: config.WEBHOOK_TIMEOUT_MS,
    maxAnswerBytes: 1_024,
    connectionsPerOrigin: 4 * config.WEBHOOK_CONCURRENCY,
  });
  const webhooks = createWebhooks({
    database,
    commands,
    clock,
    machineClock: systemClock,
    ids,
    outbound,
    masterSecret: config.DATA_KEY,
    mostEndpoints: config.WEBHOOK_ENDPOINTS,
    pausesMs: config.WEBHOOK_RETRY_PAUSES_MS,
    atOnce: config.WEBHOOK_CONCURRENCY,
    onFault: (error) => listeners.onJobFault('webhooks', error),
  });
  const dispatcher = createDispatcher({
    database,
    clock,
    consumers: [webhooks.consumer],
    onFault: listeners.onJobFault,
    onSetAside: listeners.onEventSetAside,
  });
  const imports = createImports({ database, commands, clock, ids, horizonDays });
  const retention = {
    auditRetentionDays: config.AUDIT_RETENTION_DAYS,
    eventRetentionDays: config.EVENT_RETENTION_DAYS,
  };
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
    {
      name: 'maintain',
      schedule: { cron: config.MAINTAIN_CRON },
      run: (signal) => maintain({ database, clock, signal, ...retention }),
    },
    { name: 'dispatch-events', schedule: { everyMs: config.DISPATCH_INTERVAL_MS }, run: dispatcher.tellAll },
    { name: 'deliver-webhooks', schedule: { everyMs: config.DISPATCH_INTERVAL_MS }, run: webhooks.deliverer.serveAll },
  ];
  const runTasks = async () => {
    const { signal } = new AbortController();
    for (const task of tasks) await task.run(signal);
  };
  const afterAdvance = async () => {
    await runTasks();
    shared?.histories.distrust();
    cache?.clear();
  };
  const appRouter = createAppRouter({
    ...access.routers,
    properties,
    roomTypes,
    rooms,
    rates: rates.router,
    inventory: inventory.router,
    availability: createAvailabilityRouter({ database, clock, feed, indexes }),
    bookings: bookings.router,
    events: events.router,
    webhooks: webhooks.router,
    clock: createClock(clock, { commands, afterAdvance }).router,
  });
  const databaseReadiness = createReadiness(
    sources,
    migrationsList().map(({ name }) => name),
  );
  let draining = false;

  const work = createWorkLimits({
    most: {
      query: config.MAX_QUERIES ?? queriesFor(config.DATABASE_POOL_SIZE, config.DATABASE_REPLICA_URLS.length),
      mutation: config.MAX_MUTATIONS,
      report: config.MAX_REPORTS,
      lookup: config.DATABASE_POOL_SIZE,
    },
    mostWaiting: config.MAX_QUEUED,
    waitMs: config.QUEUE_TIMEOUT_MS,
  });
  const answers = cache && createAnswerCache(cache);
  const createContext = contextFactory({
    identify: access.identify,
    identifyKept: access.identifyKept,
    work,
    rates: createRateLimits({
      anonymous: config.RATE_LIMIT_ANONYMOUS,
      publishable: config.RATE_LIMIT_PUBLISHABLE,
      secret: config.RATE_LIMIT_SECRET,
      user: config.RATE_LIMIT_USER,
    }),
    deadlines: {
      usualMs: config.DEADLINE_MS,
      leastMs: config.MIN_DEADLINE_MS,
      longestMs: config.MAX_DEADLINE_MS,
    },
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    addressOf: clientAddress(config.TRUST_PROXY),
    networkOf: sourceNetwork,
    answers,
  });

  const pingMs = config.STREAM_PING_MS;
  const streams = createOpenStreams({
    identify: (authorization) => access.identify(authorization, null),
    pingMs,
    accessCheckMs: config.STREAM_ACCESS_CHECK_MS,
  });
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
    webhooks: webhookMessages,
  });
  const app = createHttpApp({
    router: appRouter,
    createContext,
    streams: createStreamHandler({ router: appRouter, createContext, streams, pingMs, onFault: listeners.onFault }),
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
    /** Answers kept in this process; null where none are. */
    cache,
    /** What runs and waits, by kind. */
    work,
    /** Where whoever waits for events is woken. */
    wakeups,
    /** Hands events to those who follow them. */
    dispatcher,
    /** Sends to webhook endpoints what is due. */
    deliverer: webhooks.deliverer,
    /** What is done beside requests, for a worker. */
    tasks,
    /** Turns unready and ends subscriptions, so that no new traffic comes while what runs is finished. */
    drain: () => {
      draining = true;
      streams.stop();
    },
    /** Closes what was opened, in reverse. */
    close: async () => {
      await Promise.all([dispatcher.stop(), webhooks.deliverer.stop(config.SHUTDOWN_GRACE_MS)]);
      await outbound.close();
      feed.close();
      followers.close();
      shared?.close();
      await indexes?.close();
      await access.settled();
      await sources.close();
      await wakeups.settled();
      await database.close();
    },
  };
};

export type Application = Awaited<ReturnType<typeof compose>>;
export type AppRouter = Application['appRouter'];
export type { WebhookMessages } from './features/webhooks/index.ts';
