import type { Config } from '../config.ts';
import { systemClock } from '../kernel/clock.ts';
import { connected, openRedis } from '../platform/cache/index.ts';
import { SERVER_FACTS } from '../platform/db/pools.ts';
import type { ServerFacts } from '../platform/db/replicas.ts';
import { createDetailedHealth, type PartLook } from '../transport/admin/detailed-health.ts';
import type { Background } from './background.ts';
import type { Data } from './data.ts';
import type { Features } from './features.ts';

const LATE_MS = 10_000;
const LATE_JOB_SECONDS = 300;
const FAILED_LATELY_MS = 60_000;

const lateBy = (lagMs: number): string | null =>
  lagMs > LATE_MS ? `${Math.round(lagMs / 1_000)} s without news` : null;

const databaseParts = ({ sources, database }: Data): Record<string, PartLook> => {
  const [primary, ...replicas] = sources.ask<ServerFacts>(SERVER_FACTS);
  const known = database.standing().replicas;
  const ofPrimary = primary?.then(([facts]) => (facts?.recovering ? 'takes no writes' : null));
  const ofReplicas = replicas.map(async (answer): PartLook => {
    const [facts] = await answer;
    return known.find(({ server }) => server === facts?.server)?.ejected ?? null;
  });
  return {
    ...(ofPrimary && { primary: ofPrimary }),
    ...Object.fromEntries(ofReplicas.map((look, index) => [`replica ${index + 1}`, look])),
  };
};

const jobsPart = (background: Background): PartLook => {
  const waiting = background.counts()?.oldestJobSeconds ?? 0;
  return Promise.resolve(waiting > LATE_JOB_SECONDS ? `a job has waited for ${Math.round(waiting)} s` : null);
};

/** Whether the collector of traces has lately refused what was sent. */
export const watchCollector = () => {
  let failedAt = Number.NEGATIVE_INFINITY;
  return {
    onExportFailed() {
      failedAt = performance.now();
    },
    look: (): PartLook =>
      Promise.resolve(performance.now() - failedAt < FAILED_LATELY_MS ? 'did not take spans in the last minute' : null),
  };
};

export interface HealthSources {
  /** Null where nothing is traced. */
  collector: Pick<ReturnType<typeof watchCollector>, 'look'> | null;

  features: Pick<Features, 'indexes' | 'cache' | 'followers'>;
  background: Background;
}

/** Looks at each part that the process depends on or keeps. */
export const composeHealth = (config: Config, data: Data, { features, background, collector }: HealthSources) => {
  const { indexes, cache, followers } = features;
  const redis = config.REDIS_URL ? openRedis({ url: config.REDIS_URL, timeoutMs: config.REDIS_TIMEOUT_MS }) : null;
  const redisPart = async (client: NonNullable<typeof redis>): PartLook => {
    await (await connected(client)).ping();
    return null;
  };
  const health = createDetailedHealth({
    host: config.PROCESS_NAME,
    clock: systemClock,
    look: () => ({
      ...databaseParts(data),
      ...(redis && { redis: redisPart(redis) }),
      ...(indexes && { 'search index': Promise.resolve(lateBy(indexes.standing().lagMs)) }),
      ...(cache && { 'cache follower': Promise.resolve(lateBy(followers.lagMs())) }),
      ...(background.jobsPool() && { 'jobs queue': jobsPart(background) }),
      ...(collector && { collector: collector.look() }),
    }),
  });
  return {
    ...health,
    close() {
      health.stop();
      redis?.disconnect();
    },
  };
};
