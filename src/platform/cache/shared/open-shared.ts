import { setTimeout as delay } from 'node:timers/promises';
import { guardStore } from './guarded-store.ts';
import { createHistories } from './histories.ts';
import type { Backlog } from './history-parts.ts';
import { openRedisStore } from './redis-store.ts';
import { createSharedTier, historyKeyOf } from './shared-tier.ts';
import type { SharedStore } from './store.ts';

export interface SharedOptions {
  url: string;
  /** Before every key; what two installations or releases keep must not meet. */
  prefix: string;
  timeoutMs: number;
  nowMs: () => number;
  newId: () => string;
  readBacklog: (tenant: string, cursor: string) => Promise<Backlog | null>;
  /** Told when Redis stops answering, with the reason, and when it answers again. */
  onChange: (reason: string | null) => void;
  /** In place of Redis. */
  store?: SharedStore;
}

export type OpenShared = ReturnType<typeof openShared>;

/** The tier in Redis, and what has to be told of events for it. Connects when it is first asked. */
export const openShared = (options: SharedOptions) => {
  const { prefix, newId, nowMs, readBacklog, onChange } = options;
  const guarded = guardStore(options.store ?? openRedisStore(options), { nowMs, onChange });
  const keyOf = (tenant: string) => historyKeyOf(prefix, tenant);
  const histories = createHistories({ store: guarded.store, keyOf, newId, nowMs, readBacklog });
  return {
    tier: createSharedTier({ guarded, histories, prefix, newId, pause: delay }),
    histories,
    close: guarded.store.close,
  };
};
