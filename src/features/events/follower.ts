import { sql } from 'kysely';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { reaches } from '../../kernel/consistency-token.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import type { OutboxEvent, OutboxPosition } from './outbox.ts';
import { createRest } from './rest.ts';
import type { StartTimer } from './tail.ts';
import { moveLogOn, readVisible } from './visible.ts';

/** Keeps in step with what a tenant commits, for whatever is derived from it and need not be told in order. */
export interface FollowerListener {
  /** Events of one look, each told once, perhaps before older ones; what is read at `at` or later includes them. */
  onEvents(events: readonly OutboxEvent[], at: ConsistencyToken): void;
  /** Nothing was followed before `at`: what is derived from earlier reads can't be trusted. */
  onBegin(at: ConsistencyToken): void;
  /** All events up to the cursor have been told, by a look that ended at `at`. */
  onLook(cursor: OutboxPosition, at: ConsistencyToken): void;
}

export interface Follower {
  /** Whether everything committed up to the token has been told. */
  hasTold(token: ConsistencyToken): boolean;
  /** Milliseconds since the last look that told everything; Infinity before. */
  ageMs(): number;
  wake(): void;
  stop(): void;
}

export interface FollowerOptions {
  database: Database;
  tenant: string;
  listener: FollowerListener;
  startTimer: StartTimer;
  nowMs: () => number;
  /** The longest time between two looks. */
  pollMs: number;
  /** Told once when looking begins to fail. */
  onFault: (error: unknown) => void;
}

const PAGE = 500;
/** Between two looks at the least. */
const GAP_MS = 10;

/** A place that every event which is not yet visible comes after. */
const presentOf = async (db: Sql): Promise<OutboxPosition> => {
  const { rows } = await sql<{ txid: string }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as txid`.execute(db);
  return { txid: rows[0]?.txid ?? '0', position: 0 };
};

/** Follows a tenant's events on the primary; unlike the feed's tail it also tells what is committed while older transactions run. */
export const startFollower = (options: FollowerOptions): Follower => {
  const { database, tenant, listener, startTimer, nowMs, pollMs } = options;
  let cursor: OutboxPosition | null = null;
  /** Events after the cursor that were told though they are not final. */
  let told = new Set<string>();
  /** Everything that anybody was told of with a token up to `upTo` has been told; the log stood at `seen` then. */
  let standing: { upTo: ConsistencyToken; seen: ConsistencyToken } | null = null;
  let standingSince = Number.NEGATIVE_INFINITY;
  let stopped = false;
  let failing = false;
  /** Somebody asks for where the log has stood since the last look: as long as it stands there, no look can tell. */
  let quiet = false;
  const rest = createRest(startTimer, GAP_MS);

  const begin = async (): Promise<OutboxPosition> => {
    const scope = newScope(tenant);
    const present = await database.read(scope, 'primary', presentOf);
    if (scope.versions.seen) listener.onBegin(scope.versions.seen);
    return present;
  };

  /** Tells what is new; false when there may be more. */
  const look = async (from: OutboxPosition): Promise<boolean> => {
    const scope = newScope(tenant);
    const startedAt = nowMs();
    const events = await database.read(scope, 'primary', (db) => readVisible(db, from, PAGE));
    const { includes, seen } = scope.versions;
    if (!includes || !seen || stopped) return true;
    if (standing && standing.seen.timeline !== seen.timeline) {
      // After a failover transaction ids may be given out anew, and what was told may never have been kept.
      cursor = standing = null;
      return false;
    }
    const fresh = events.filter(({ id }) => !told.has(id));
    if (fresh.length) listener.onEvents(fresh, seen);
    const open = events.findIndex(({ isFinal }) => !isFinal);
    const settled = (open < 0 ? events : events.slice(0, open)).at(-1);
    if (settled) cursor = { txid: settled.txid, position: settled.position };
    told = new Set(open < 0 ? [] : events.slice(open).map(({ id }) => id));
    listener.onLook(cursor ?? from, seen);
    if (events.length === PAGE) return settled === undefined;
    standing = { upTo: includes, seen };
    standingSince = startedAt;
    return true;
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      rest.beginLook();
      let pauseMs = pollMs;
      try {
        cursor ??= await begin();
        if (quiet) await database.read(newScope(tenant), 'primary', moveLogOn);
        quiet = false;
        if (!(await look(cursor))) pauseMs = 0;
        failing = false;
      } catch (error) {
        if (!failing) options.onFault(error);
        failing = true;
      }
      if (pauseMs > 0 && !stopped) await rest.pause(pauseMs);
    }
  };
  void run();

  return {
    hasTold(token) {
      if (standing === null) return false;
      if (reaches(standing.upTo, token)) return true;
      if (reaches(standing.seen, token)) quiet = true;
      return false;
    },
    ageMs: () => nowMs() - standingSince,
    wake: rest.wake,
    stop() {
      stopped = true;
      rest.cutShort();
    },
  };
};
