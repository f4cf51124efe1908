import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Wakeups } from '../../platform/events/wakeups.ts';
import { type Follower, startFollower } from './follower.ts';
import type { OutboxEvent, OutboxPosition } from './outbox.ts';
import type { StartTimer } from './tail.ts';

export interface FollowersOptions {
  database: Database;
  wakeups: Wakeups;
  startTimer: StartTimer;
  nowMs: () => number;
  pollMs: number;
  /** A tenant that nobody asked for so long is not followed any more. */
  idleMs: number;
  onEvents: (tenant: string, events: readonly OutboxEvent[], at: ConsistencyToken) => void;
  onBegin: (tenant: string, at: ConsistencyToken) => void;
  onLook: (tenant: string, cursor: OutboxPosition, at: ConsistencyToken) => void;
  onFault: (error: unknown) => void;
}

/** Follows the tenants that are asked for, each once. */
export const createFollowers = (options: FollowersOptions) => {
  const { wakeups, nowMs, idleMs, startTimer, onEvents, onBegin, onLook } = options;
  const followed = new Map<string, { follower: Follower; askedAt: number; begunAt: number }>();
  let closed = false;
  const unsubscribe = wakeups.subscribe((tenant) => {
    if (tenant !== null) followed.get(tenant)?.follower.wake();
    else for (const { follower } of followed.values()) follower.wake();
  });

  const stopIdle = (): void => {
    for (const [tenant, { follower, askedAt }] of followed) {
      if (nowMs() - askedAt < idleMs) continue;
      follower.stop();
      followed.delete(tenant);
    }
  };

  let cancelSweep = () => {};
  const sweep = (): void => {
    stopIdle();
    cancelSweep = startTimer(idleMs, sweep);
  };
  sweep();

  const begin = (tenant: string): Follower => {
    const follower = startFollower({
      ...options,
      tenant,
      listener: {
        onEvents: (events, at) => onEvents(tenant, events, at),
        onBegin: (at) => onBegin(tenant, at),
        onLook: (cursor, at) => onLook(tenant, cursor, at),
      },
    });
    if (closed) follower.stop();
    followed.set(tenant, { follower, askedAt: nowMs(), begunAt: nowMs() });
    return follower;
  };

  return {
    /** The tenant's follower, begun now if there is none. */
    of(tenant: string): Follower {
      const known = followed.get(tenant);
      if (!known) return begin(tenant);
      known.askedAt = nowMs();
      return known.follower;
    },
    /** How long ago the one that is furthest behind last knew that nothing is missing, or was begun. */
    lagMs: (): number =>
      Math.max(
        0,
        ...[...followed.values()].map(({ follower, begunAt }) => Math.min(follower.ageMs(), nowMs() - begunAt)),
      ),
    close() {
      closed = true;
      cancelSweep();
      unsubscribe();
      for (const { follower } of followed.values()) follower.stop();
      followed.clear();
    },
  };
};
