import { sql } from 'kysely';
import type { Config } from '../config.ts';
import { ApiKeyEntity, SessionEntity, UserEntity } from '../features/access/index.ts';
import { BookingEntity, BookingLineEntity } from '../features/bookings/index.ts';
import { GuestEntity } from '../features/guests/index.ts';
import { propertyEntities } from '../features/properties/index.ts';
import { RatePlanEntity } from '../features/rates/index.ts';
import { WebhookEndpointEntity } from '../features/webhooks/index.ts';
import { openDatabase } from '../platform/db/database.ts';
import { newScope } from '../platform/db/scope.ts';
import { openSources } from '../platform/db/sources.ts';
import { createWakeups } from '../platform/events/wakeups.ts';
import type { Parts } from './parts.ts';

/** Where NOTIFY tells of new events. */
export const WAKEUP_CHANNEL = 'innkeeper_events';

const APPLICATION_NAME = 'innkeeper';

const ENTITIES = [
  UserEntity,
  SessionEntity,
  ApiKeyEntity,
  ...propertyEntities,
  RatePlanEntity,
  GuestEntity,
  BookingEntity,
  BookingLineEntity,
  WebhookEndpointEntity,
];

const openPools = (config: Config, { listeners }: Parts) =>
  openDatabase({
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
    applicationName: APPLICATION_NAME,
    replicas: {
      waitMs: config.REPLICA_WAIT_MS,
      behindMs: config.REPLICA_BEHIND_MS,
      checkMs: config.DATABASE_CHECK_MS,
      checkTimeoutMs: config.DATABASE_CHECK_TIMEOUT_MS,
      maxLagMs: config.REPLICA_MAX_LAG_MS,
    },
    entities: ENTITIES,
    onStatement: listeners.onStatement,
    onConnectionFault: listeners.onConnectionFault,
    onReplica: listeners.onReplica,
    onPrimary: listeners.onPrimary,
    onAcquired: listeners.onAcquired,
  });

/** What holds the data: the pools, each database by itself, and the bell that rings when events are committed. */
export const composeData = async (config: Config, parts: Parts) => {
  const database = await openPools(config, parts);
  const sources = openSources({
    urls: [config.DATABASE_URL, ...config.DATABASE_REPLICA_URLS],
    role: config.DATABASE_ROLE,
    pooled: config.DATABASE_POOLER,
    applicationName: APPLICATION_NAME,
    timeoutMs: config.READINESS_TIMEOUT_MS,
  });
  const wakeups = createWakeups({
    origin: parts.ids.uuid(),
    send: (message) =>
      database.read(newScope(null), 'primary', (db) =>
        sql`select pg_notify(${WAKEUP_CHANNEL}, ${message})`.execute(db),
      ),
    startTimer: (ms, ring) => void setTimeout(ring, ms),
  });
  return {
    database,
    sources,
    wakeups,
    close: async () => {
      await sources.close();
      await wakeups.settled();
      await database.close();
    },
  };
};

export type Data = Awaited<ReturnType<typeof composeData>>;
