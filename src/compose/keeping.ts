import manifest from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import { createFollowers, orderedCursor, readBacklog, taggedEvents } from '../features/events/index.ts';
import type { Cleared, ClearInput } from '../features/performance/index.ts';
import { createCache, dropBoth, dropKeys, openShared } from '../platform/cache/index.ts';
import type { Data } from './data.ts';
import { type Parts, startTimer } from './parts.ts';

/** A tenant of whom nothing is asked for so long has its writes followed no more. */
const CACHE_IDLE_MS = 2 * 60_000;

const nowMs = () => performance.now();

/** In memory, in Redis, or both. */
const keepsAnswers = ({ CACHE_MB, REDIS_URL }: Config): boolean => CACHE_MB > 0 || REDIS_URL !== undefined;

/** What depends on what, and how an answer looks, may differ between releases. */
const prefixOf = ({ REDIS_PREFIX }: Config): string => `${REDIS_PREFIX}${manifest.version}:`;

const composeShared = (config: Config, { database }: Data, { ids, listeners }: Parts) =>
  config.REDIS_URL
    ? openShared({
        url: config.REDIS_URL,
        prefix: prefixOf(config),
        timeoutMs: config.REDIS_TIMEOUT_MS,
        nowMs,
        newId: ids.uuid,
        readBacklog: (tenant, cursor) => readBacklog(database, tenant, cursor),
        onChange: listeners.onRedis,
      })
    : null;

/** Answers kept in this process and in Redis, and the followers of each tenant's writes that take them back. */
export const composeKeeping = (
  config: Config,
  data: Data,
  parts: Parts,
  { accessChanged }: { accessChanged: (tenant: string) => void },
) => {
  const { database, wakeups } = data;
  const { ids, listeners } = parts;
  const shared = composeShared(config, data, parts);
  const cache = keepsAnswers(config)
    ? createCache({
        shared: shared?.tier,
        maxBytes: config.CACHE_MB * 1_000_000,
        nowMs,
        fraction: ids.fraction,
        follow: (tenant) => followers.of(tenant),
      })
    : null;
  const followers = createFollowers({
    database,
    wakeups,
    startTimer,
    nowMs,
    pollMs: config.CACHE_POLL_MS,
    idleMs: CACHE_IDLE_MS,
    onBegin(tenant, at) {
      cache?.forget(tenant, at);
      shared?.histories.begun(tenant);
      accessChanged(tenant);
    },
    onEvents(tenant, events, at) {
      const tags = taggedEvents(events);
      cache?.invalidate(tenant, tags.keys(), at);
      shared?.histories.told(tenant, tags);
      if (events.some(({ type }) => type === 'access.changed')) accessChanged(tenant);
    },
    onLook: (tenant, cursor, at) => shared?.histories.looked(tenant, orderedCursor(cursor), at),
    onFault: (error) => listeners.onFault(error, ''),
  });
  /** Throws all of it away, as after a change that no event tells of; answers how many answers memory held. */
  const clear = (): number => {
    shared?.histories.distrust();
    return cache?.clear() ?? 0;
  };
  const { REDIS_URL: url, REDIS_TIMEOUT_MS: timeoutMs } = config;
  const dropShared = async (pattern: string): Promise<number | null> =>
    url ? dropKeys({ url, timeoutMs }, `${prefixOf(config)}${pattern}`) : null;
  return {
    cache,
    followers,
    clear,
    /** Drops what an operator says: a tag's of one tenant, or of all where it is null. */
    async clearCache({ tag, type }: ClearInput, tenant: string | null): Promise<Omit<Cleared, 'host'>> {
      if (tag !== undefined) {
        const { tenants, dropped } = cache?.dropTag(tag, tenant) ?? { tenants: [], dropped: 0 };
        // As if it had been written: then nobody takes from Redis what was left there before.
        for (const one of new Set([...tenants, ...(tenant ? [tenant] : [])])) {
          shared?.histories.told(one, new Map([[tag, null]]));
        }
        return { memory: dropped, redis: null };
      }
      if (type === undefined) return dropBoth(clear, () => dropShared('*'));
      return dropBoth(
        () => cache?.dropType(type) ?? 0,
        async () => {
          const dropped = await dropShared(`*:${type}:*`);
          // What could not be dropped there is taken by this process no more.
          if (dropped === null) shared?.histories.distrust();
          return dropped;
        },
      );
    },
    close() {
      followers.close();
      shared?.close();
    },
  };
};

export type Keeping = ReturnType<typeof composeKeeping>;
