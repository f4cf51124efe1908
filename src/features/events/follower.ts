import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { reaches } from '../../kernel/consistency-token.ts';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';
import { createAwaited } from './awaited.ts';
import { presentMoment, readNewlyVisible } from './newly-visible.ts';
import type { OutboxEvent, OutboxPosition } from './outbox.ts';
import { createRest } from './rest.ts';
import type { StartTimer } from './tail.ts';
import { moveLogOn, readVisible } from './visible.ts';

/** Keeps in step with what a tenant commits, for whatever is derived from it and need not be told in order. */
export interface FollowerListener {
  /** Events of one page, perhaps before older ones, each once while not too many wait for older transactions; what is read at `at` or later includes them. */
  onEvents(events: readonly OutboxEvent[], at: ConsistencyToken): void;
  /** Nothing was followed before `at`: what is derived from earlier reads can't be trusted. */
  onBegin(at: ConsistencyToken): void;
  /** All events up to the cursor have been told, by a look that ended at `at`. */
  onLook(cursor: OutboxPosition, at: ConsistencyToken): void;
}

export interface Follower {
  /** Whether everything committed up to the token has been told. */
  hasTold(token: ConsistencyToken): boolean;
  /** The same after looking at once, for a few milliseconds at most. */
  catchUp(token: ConsistencyToken): Promise<boolean>;
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
/** Whoever is told to catch up waits so long at most: for a look under way, the gap, and two looks. */
const PATIENCE_MS = 25;
/** Events that are remembered because they may be read again; beyond, some are told twice. */
const MOST_TOLD = 5_000;

/** The oldest transaction that was running at a moment. */
const oldestRunning = (moment: string): string => moment.split(':')[0] ?? '0';

/** A place that every event comes after which could not be seen at a moment. */
const placeOf = (moment: string): OutboxPosition => ({ txid: oldestRunning(moment), position: 0 });

interface Begun {
  /** The moment up to which everything has been told. */
  moment: string;
  /** On another timeline transaction ids may be given out anew, and what was told may never have been kept. */
  timeline: string;
}

/** Follows a tenant's events on the primary; unlike the feed's tail it also tells what is committed while older transactions run. */
export const startFollower = (options: FollowerOptions): Follower => {
  const { database, tenant, listener, startTimer, nowMs, pollMs } = options;
  let begun: Begun | null = null;
  let cursor = placeOf('');
  /** Events that were told and may be read again, with their transactions. */
  const told = new Map<string, bigint>();
  /** Everything that anybody was told of with a token up to `upTo` has been told; the log stood at `seen` then. */
  let standing: { upTo: ConsistencyToken; seen: ConsistencyToken } | null = null;
  let standingSince = Number.NEGATIVE_INFINITY;
  let stopped = false;
  let failing = false;
  /** Somebody asks for where the log has stood since the last look: as long as it stands there, no look can tell. */
  let quiet = false;
  const rest = createRest(startTimer, GAP_MS);
  const awaited = createAwaited(startTimer);

  const begin = async (): Promise<Begun> => {
    const scope = newScope(tenant);
    const moment = await database.read(scope, 'primary', presentMoment);
    const { seen } = scope.versions;
    if (!seen) throw new Error('a read of events that does not know its position');
    told.clear();
    cursor = placeOf(moment);
    listener.onBegin(seen);
    return { moment, timeline: seen.timeline };
  };

  const tell = (events: readonly OutboxEvent[], at: ConsistencyToken): void => {
    const fresh = events.filter(({ id }) => !told.has(id));
    for (const { id, txid } of fresh) told.set(id, BigInt(txid));
    if (fresh.length) listener.onEvents(fresh, at);
  };

  /** Lets go of events that can't be read again, and of the first ones where there are too many; the cursor passes what is final. */
  const settle = (moment: string): void => {
    if (told.size === 0) return;
    cursor = placeOf(moment);
    const running = BigInt(cursor.txid);
    for (const [id, txid] of told) if (txid < running || told.size > MOST_TOLD) told.delete(id);
  };

  /** Tells all that has become visible since the moment; false when another primary answers, so that it has to begin anew. */
  const look = async ({ moment: since, timeline }: Begun): Promise<string | false> => {
    const scope = newScope(tenant);
    const startedAt = nowMs();
    const { events, moment } = await database.read(scope, 'primary', (db) => readNewlyVisible(db, since, PAGE));
    for (let page = events; !stopped; ) {
      const { includes, seen } = scope.versions;
      if (!includes || !seen) throw new Error('a read of events that does not know its position');
      if (includes.timeline !== timeline || seen.timeline !== timeline) return false;
      tell(page, seen);
      const last = page.at(-1);
      if (last && page.length === PAGE) {
        page = await database.read(scope, 'primary', (db) => readVisible(db, last, PAGE));
        continue;
      }
      settle(moment);
      listener.onLook(cursor, seen);
      standing = { upTo: includes, seen };
      standingSince = startedAt;
      break;
    }
    return moment;
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      rest.beginLook();
      let pauseMs = pollMs;
      try {
        begun ??= await begin();
        if (quiet) await database.read(newScope(tenant), 'primary', moveLogOn);
        quiet = false;
        const moment = await look(begun);
        if (moment === false) {
          begun = standing = null;
          pauseMs = 0;
        } else begun.moment = moment;
        failing = false;
        if (awaited.check()) rest.wake();
      } catch (error) {
        if (!failing) options.onFault(error);
        failing = true;
        awaited.giveUp();
      }
      if (pauseMs > 0 && !stopped) await rest.pause(pauseMs);
    }
  };
  void run();

  const hasTold = (token: ConsistencyToken): boolean => {
    if (standing === null) return false;
    if (reaches(standing.upTo, token)) return true;
    if (reaches(standing.seen, token)) quiet = true;
    return false;
  };

  return {
    hasTold,
    async catchUp(token) {
      if (hasTold(token)) return true;
      if (standing === null || failing || stopped) return false;
      rest.wake();
      return awaited.until(() => hasTold(token), PATIENCE_MS);
    },
    ageMs: () => nowMs() - standingSince,
    wake: rest.wake,
    stop() {
      stopped = true;
      rest.cutShort();
      awaited.giveUp();
    },
  };
};
