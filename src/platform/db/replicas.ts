import type pg from 'pg';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { newerToken, reaches } from '../../kernel/consistency-token.ts';

/** What a connection learns of its server when it is made. */
export interface ServerFacts {
  /** Address and port as the server sees them: behind one name there may be many servers. */
  server: string;
  timeline: string;
  /** False of one that takes writes. */
  recovering: boolean;
}

/** One server that reads may go to. */
export interface Replica {
  readonly server: string;
  readonly pool: pg.Pool;
  /** Why nothing is read from it now; null while it is in use. */
  ejected: 'failing' | 'lagging' | 'leading' | null;
  timeline: string;
  /** Where it stood when it was last heard of. */
  position: ConsistencyToken | null;
  /** How far it is behind the primary; null while that can't be known. */
  lagMs: number | null;
  lagBytes: number | null;
  goodChecks: number;
  /** Of the pool, that are open to it. */
  connections: number;
  /** Checks of the pool that came to others since it was last heard of. */
  missedChecks: number;
  /** How often in a row it said that it is on an earlier timeline than before. */
  earlierTimes: number;
}

/** Told when a replica is taken out of use, or back into it. */
export type ReplicaListener = (replica: Pick<Replica, 'server' | 'lagMs'>, ejected: Replica['ejected']) => void;

/** A replica that failed is used again after so many good checks. */
const GOOD_CHECKS = 2;
/** A server is forgotten when so many checks in a row have come to others behind its name, and no connection leads to it. */
const MISSED_CHECKS = 60;
/** One that says so often that it is on an earlier timeline was made anew; less often, it may be old news that came late. */
const EARLIER_TIMES = 3;

export type Replicas = ReturnType<typeof createReplicas>;

/** The servers behind the pools, known by address as connections find them, and which of them is best to read from. */
export const createReplicas = (pools: readonly pg.Pool[], onChange: ReplicaListener, cut: (pool: pg.Pool) => void) => {
  const servers = new Map<string, Replica>();
  let turn = 0;
  /** Of the primary, when it was last heard of. */
  let primaryTimeline: string | null = null;

  const eject = (replica: Replica, reason: Replica['ejected']): void => {
    replica.goodChecks = 0;
    if (replica.ejected === reason) return;
    replica.ejected = reason;
    onChange(replica, reason);
  };

  const busy = (pool: pg.Pool) => pool.totalCount - pool.idleCount + pool.waitingCount;

  /** All servers of the pool are out of use; an unknown one may be fine. */
  const isOut = (pool: pg.Pool): boolean => {
    const known = [...servers.values()].filter((replica) => replica.pool === pool);
    return known.length > 0 && known.every((replica) => replica.ejected !== null);
  };

  const reached = (pool: pg.Pool, token: ConsistencyToken | null): boolean =>
    [...servers.values()].some(
      (replica) => replica.pool === pool && replica.position !== null && reaches(replica.position, token),
    );

  return {
    pools,
    all: (): readonly Replica[] => [...servers.values()],
    /** The server behind a connection of the pool. */
    known(pool: pg.Pool, { server, timeline }: Omit<ServerFacts, 'recovering'>): Replica {
      const key = `${pools.indexOf(pool)} ${server}`;
      const found = servers.get(key) ?? {
        ...{ server, pool, timeline, ejected: null },
        ...{ position: null, lagMs: null, lagBytes: null, goodChecks: GOOD_CHECKS },
        ...{ connections: 0, missedChecks: 0, earlierTimes: 0 },
      };
      found.missedChecks = 0;
      found.earlierTimes = timeline < found.timeline ? found.earlierTimes + 1 : 0;
      if (found.earlierTimes >= EARLIER_TIMES) Object.assign(found, { timeline, position: null, earlierTimes: 0 });
      if (timeline > found.timeline) found.timeline = timeline;
      servers.set(key, found);
      return found;
    },
    /** Pools to read from, the best first: those that have reached the token, then those with least to do. */
    inOrder(token: ConsistencyToken | null): pg.Pool[] {
      if (pools.length === 1) return pools.filter((pool) => !isOut(pool));
      turn += 1;
      return pools
        .map((pool, index) => ({
          pool,
          rank: [reached(pool, token) ? 0 : 1, busy(pool), (index + turn) % pools.length] as const,
        }))
        .filter(({ pool }) => !isOut(pool))
        .toSorted((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2])
        .map(({ pool }) => pool);
    },
    /** Notes where a server stands; positions that come late don't count. */
    stands(replica: Replica, position: ConsistencyToken): void {
      const { position: last } = replica;
      replica.position = newerToken(last, position);
      replica.missedChecks = 0;
    },
    /**
     * Notes that a check of its pool came to this server. Others that were not heard of for long are gone: without this a pod
     * that was replaced, whose address nobody has any more, would be known for ever. The last one that was heard of stays.
     */
    answered(replica: Replica): void {
      replica.missedChecks = 0;
      for (const [key, other] of servers) {
        if (other.pool !== replica.pool || other === replica) continue;
        other.missedChecks += 1;
        if (other.missedChecks >= MISSED_CHECKS && other.connections === 0) servers.delete(key);
      }
    },
    primaryIsOn(timeline: string): void {
      primaryTimeline = timeline;
    },
    /** The primary that is known has been replaced by one on this timeline. */
    isAhead: (timeline: string): boolean => primaryTimeline !== null && timeline > primaryTimeline,
    /** Whether a server that takes writes may be read from here: until it is known as the primary, unless it was replaced. */
    standsIn: (timeline: string, primaryIsGone: boolean): boolean =>
      primaryTimeline === null ? primaryIsGone : timeline > primaryTimeline,
    /** Whether some server is where the token comes from, though the primary that is known may not be. */
    vouches(token: ConsistencyToken | null): boolean {
      if (token === null) return false;
      const isLater = primaryTimeline !== null && token.timeline > primaryTimeline;
      return [...servers.values()].some(
        ({ position }) => position && (reaches(position, token) || (isLater && position.timeline >= token.timeline)),
      );
    },
    /** It takes writes: what it is for now, another pool does, or it has been replaced and does not know. */
    leads: (replica: Replica): void => eject(replica, 'leading'),
    /** A read on it failed, or a check did. */
    failed: (replica: Replica): void => eject(replica, 'failing'),
    /** Nothing behind the pool can be reached: whoever waits for an answer from there need not. */
    unreachable(pool: pg.Pool): void {
      cut(pool);
      for (const replica of servers.values()) if (replica.pool === pool) eject(replica, 'failing');
    },
    /** A check found it well, so far behind. */
    checked(replica: Replica, lagMs: number | null, maxLagMs: number): void {
      replica.lagMs = lagMs;
      if (lagMs !== null && lagMs > maxLagMs) eject(replica, 'lagging');
      else replica.goodChecks += 1;
      if (replica.ejected === null || replica.goodChecks < GOOD_CHECKS) return;
      replica.ejected = null;
      onChange(replica, null);
    },
  };
};
