import { createAppRouter } from '../app-router.ts';
import type { Config } from '../config.ts';
import { createAccess } from '../features/access/index.ts';
import { createAvailabilityRouter, createSearchIndexes } from '../features/availability/index.ts';
import { createBookings } from '../features/bookings/index.ts';
import { createClock } from '../features/clock/index.ts';
import { createCommands, createGuestVault } from '../features/commands/index.ts';
import { createEvents, createFeed } from '../features/events/index.ts';
import { createImports } from '../features/imports/index.ts';
import { createInventory } from '../features/inventory/index.ts';
import { createPerformanceRouter, type Performance } from '../features/performance/index.ts';
import { createProperties } from '../features/properties/index.ts';
import { createRates } from '../features/rates/index.ts';
import type { Data } from './data.ts';
import { composeKeeping } from './keeping.ts';
import { type Parts, startTimer } from './parts.ts';
import { composeTasks, ledgerCheck } from './tasks.ts';
import { composeTelling } from './telling.ts';

const MINUTE_MS = 60_000;

const accessSettings = (config: Config) => ({
  accessTokenMs: config.ACCESS_TOKEN_MINUTES * MINUTE_MS,
  sessionMs: config.SESSION_DAYS * 1_440 * MINUTE_MS,
  attemptsPerAccount: config.SIGN_IN_ATTEMPTS_PER_ACCOUNT,
  attemptsPerAddress: config.SIGN_IN_ATTEMPTS_PER_ADDRESS,
  attemptWindowMs: config.SIGN_IN_WINDOW_MINUTES * MINUTE_MS,
});

/** The features, what they keep and tell, and the router that is made of them. */
export const composeFeatures = (config: Config, data: Data, parts: Parts, performance: Performance) => {
  const { database, wakeups } = data;
  const { clock, ids, listeners } = parts;
  const horizonDays = config.HORIZON_DAYS;
  const onFault = (error: unknown) => listeners.onFault(error, '');
  const commands = createCommands({
    database,
    clock,
    ids,
    vault: createGuestVault(config.DATA_KEY),
    onCommitted: wakeups.raise,
    onReplayed: listeners.onReplayed,
    onBatch: listeners.onBatch,
  });
  const access = createAccess({
    database,
    commands,
    clock,
    ids,
    authSecret: config.AUTH_SECRET,
    settings: accessSettings(config),
    follow: (tenant) => keeping.followers.of(tenant),
    onFault,
  });
  const keeping = composeKeeping(config, data, parts, access);
  const feed = createFeed({ database, wakeups, startTimer, onFault });
  const indexes = config.SEARCH_INDEX
    ? createSearchIndexes({
        database,
        clock,
        wakeups,
        maxBytes: config.SEARCH_INDEX_MB * 1_000_000,
        maxLagMs: config.SEARCH_INDEX_MAX_LAG_MS,
        onFault,
      })
    : null;
  const telling = composeTelling(config, data, parts, commands);
  const tasks = composeTasks(config, data, parts, {
    tellAll: telling.dispatcher.tellAll,
    deliverAll: telling.webhooks.deliverer.serveAll,
  });
  const afterAdvance = async () => {
    const { signal } = new AbortController();
    for (const task of tasks) await task.run(signal);
    keeping.clear();
  };
  const { properties, roomTypes, rooms } = createProperties({ database, commands, ids, horizonDays });
  const appRouter = createAppRouter({
    ...access.routers,
    properties,
    roomTypes,
    rooms,
    rates: createRates({ database, commands, ids }).router,
    inventory: createInventory({ database, commands, clock, ids, horizonDays }).router,
    availability: createAvailabilityRouter({ database, clock, feed, indexes }),
    bookings: createBookings({ database, commands, clock, ids, feed, holdMinutes: config.HOLD_MINUTES }).router,
    events: createEvents({ database }).router,
    webhooks: telling.webhooks.router,
    clock: createClock(clock, { commands, afterAdvance }).router,
    performance: createPerformanceRouter(performance, commands, {
      forOwners: config.PERFORMANCE_API_FOR_OWNERS,
    }),
  });
  return {
    appRouter,
    access,
    cache: keeping.cache,
    /** Drops what an operator says. */
    clearCache: keeping.clearCache,
    followers: keeping.followers,
    imports: createImports({ database, commands, clock, ids, horizonDays }),
    indexes,
    /** Names of those who are told of events. */
    consumers: [telling.webhooks.consumer.name],
    dispatcher: telling.dispatcher,
    deliverer: telling.webhooks.deliverer,
    tasks: [...tasks, ledgerCheck(config, data)],
    close: async () => {
      await telling.close();
      feed.close();
      keeping.close();
      await indexes?.close();
      await access.settled();
    },
  };
};

export type Features = ReturnType<typeof composeFeatures>;
