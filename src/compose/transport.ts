import { apiInfo } from '../api-info.ts';
import type { Config } from '../config.ts';
import { sourceNetwork } from '../features/access/index.ts';
import { webhookMessages } from '../features/webhooks/index.ts';
import { migrationsList } from '../migrations/index.ts';
import { createAskedCounts, openRedis } from '../platform/cache/index.ts';
import { createReadiness } from '../platform/db/readiness.ts';
import type { ProcedureSamples } from '../platform/telemetry/procedure-samples.ts';
import { isFault, toAppError, toErrorBody } from '../transport/errors/translate.ts';
import { createHttpApp, MAX_BODY_BYTES } from '../transport/http/app.ts';
import { clientAddress } from '../transport/limits/client-address.ts';
import { createRateLimits } from '../transport/limits/rate-limits.ts';
import { createWorkLimits, queriesFor } from '../transport/limits/work-limits.ts';
import { createOpenApi } from '../transport/openapi/index.ts';
import { createStreamHandler } from '../transport/streams/handler.ts';
import { createOpenStreams } from '../transport/streams/open-streams.ts';
import { createAnswerCache } from '../transport/trpc/answer-cache.ts';
import { contextFactory } from '../transport/trpc/create-context.ts';
import type { Data } from './data.ts';
import type { Features } from './features.ts';
import type { Parts } from './parts.ts';
import { composeWarming } from './warming.ts';

const composeWorkLimits = (config: Config, onShed: (kind: string) => void) =>
  createWorkLimits({
    most: {
      query: config.MAX_QUERIES ?? queriesFor(config.DATABASE_POOL_SIZE, config.DATABASE_REPLICA_URLS.length),
      mutation: config.MAX_MUTATIONS,
      report: config.MAX_REPORTS,
      lookup: config.DATABASE_POOL_SIZE,
    },
    mostWaiting: config.MAX_QUEUED,
    waitMs: config.QUEUE_TIMEOUT_MS,
    onShed,
  });

const composeRates = (config: Config) => {
  const limits = {
    anonymous: config.RATE_LIMIT_ANONYMOUS,
    publishable: config.RATE_LIMIT_PUBLISHABLE,
    secret: config.RATE_LIMIT_SECRET,
    user: config.RATE_LIMIT_USER,
  };
  if (!config.REDIS_URL) return { rates: createRateLimits(limits), close: () => {} };
  const redis = openRedis({ url: config.REDIS_URL, timeoutMs: config.REDIS_TIMEOUT_MS });
  const prefix = `${config.REDIS_PREFIX}calls:`;
  const rates = createRateLimits(limits, { redis, prefix, nowMs: () => performance.now() });
  return { rates, close: () => redis.disconnect() };
};

/** What callers reach: the app, how much of it runs at once, and how it turns away whoever comes while it stops. */
export const composeTransport = (
  config: Config,
  data: Data,
  { appRouter: router, access, cache, followers }: Features,
  parts: Parts & { samples: ProcedureSamples | null },
) => {
  const { clock, listeners, samples } = parts;
  const work = composeWorkLimits(config, listeners.onShed);
  const counting = composeRates(config);
  const asked = config.WARM_KEYS ? createAskedCounts(clock.nowMs) : null;
  const caches = cache && createAnswerCache(cache, asked);
  const createContext = contextFactory({
    identify: access.identify,
    identifyKept: access.identifyKept,
    work,
    rates: counting.rates,
    deadlines: { usualMs: config.DEADLINE_MS, leastMs: config.MIN_DEADLINE_MS, longestMs: config.MAX_DEADLINE_MS },
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    addressOf: clientAddress(config.TRUST_PROXY),
    networkOf: sourceNetwork,
    answers: caches?.answers ?? null,
    onCall: listeners.onCall,
    onBegin: samples?.begin,
    onLimited: listeners.onLimited,
  });
  const pingMs = config.STREAM_PING_MS;
  const streams = createOpenStreams({
    identify: (authorization) => access.identify(authorization, null),
    pingMs,
    accessCheckMs: config.STREAM_ACCESS_CHECK_MS,
  });
  const openapi = createOpenApi({
    router,
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
  const databaseReadiness = createReadiness(
    data.sources,
    migrationsList().map(({ name }) => name),
  );
  let draining = false;
  const readiness = async () => (draining ? ['draining'] : databaseReadiness());
  const app = createHttpApp({
    router,
    createContext,
    streams: createStreamHandler({ router, createContext, streams, pingMs, onFault: listeners.onFault }),
    readiness,
    openapi: openapi.routes,
    onFinished: listeners.onFinished,
    onFault: listeners.onFault,
    tracer: parts.tracer,
  });
  return {
    app,
    readiness,
    work,
    warmer:
      caches && asked
        ? composeWarming(config, data, parts, { router, caches: { ...caches, asked }, followers, work })
        : null,
    drain() {
      draining = true;
      streams.stop();
    },
    close: counting.close,
  };
};
