import { AppError } from '../../kernel/app-error.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Wakeups } from '../../platform/events/wakeups.ts';
import { createFeedReads, failedOver, PAGE } from './feed-reads.ts';
import { comesAfter, cursorOf, type OutboxPosition } from './outbox.ts';
import { createSubscriber, type LiveEvent, type Subscriber } from './subscriber.ts';
import { createTail, type StartTimer, type Tail } from './tail.ts';

export interface FeedOptions {
  database: Database;
  wakeups: Wakeups;
  startTimer: StartTimer;
  onFault: (error: unknown) => void;
  /** 1 000 unless given. */
  pollMs?: number;
  /** What a subscriber may leave waiting: 1 000 events or 1 MB unless given. */
  maxEvents?: number;
  maxBytes?: number;
}

export interface Subscription {
  tenant: string;
  /** Where to go on; from now on unless given. */
  after?: OutboxPosition | undefined;
  wants: (event: LiveEvent) => boolean;
  needsOwner?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** An event, or null to say that there was nothing else up to this cursor. */
export interface FeedStep {
  cursor: string;
  event: LiveEvent | null;
}

/** Unwanted events after which a subscriber is told how far it has come. */
const MAX_QUIET = 500;

const serverStopping = (): AppError =>
  new AppError('unavailable', 'SERVER_STOPPING', 'This server stops. Subscribe again from your last id.', {
    retryable: true,
  });

export type Feed = ReturnType<typeof createFeed>;

/** A tenant's events as they are committed, read once for all of a process's subscribers of the tenant. */
export const createFeed = (options: FeedOptions) => {
  const { database, wakeups, pollMs = 1_000, maxEvents = 1_000, maxBytes = 1_000_000 } = options;
  const reads = createFeedReads(database);
  const tails = new Map<string, Tail>();
  let closed = false;

  wakeups.subscribe((tenant) => {
    if (tenant !== null) tails.get(tenant)?.wake();
    else for (const tail of tails.values()) tail.wake();
  });

  const leave = (tenant: string, tail: Tail, subscriber: Subscriber): void => {
    tail.leave(subscriber);
    if (tail.members.size === 0 && tails.get(tenant) === tail) tails.delete(tenant);
  };

  const tailOf = (tenant: string): Tail => {
    const tail = tails.get(tenant) ?? createTail({ ...options, tenant, reads, pollMs });
    tails.set(tenant, tail);
    return tail;
  };

  const pages = async function* ({ tenant, wants, needsOwner = false, signal }: Subscription, from: OutboxPosition) {
    for (let at = from; !closed && !signal?.aborted; ) {
      const { events, timeline } = await reads.page(tenant, at, needsOwner);
      const last = events.at(-1);
      if (last) at = { txid: last.txid, position: last.position };
      yield { wanted: events.filter(wants), at, full: events.length === PAGE, timeline };
    }
  };

  return {
    /**
     * Every event after the place, in order, none twice and none left out, until the signal comes. Throws AppError
     * EVENTS_GONE when not all of them are kept or another primary has taken over, SUBSCRIBER_TOO_SLOW and SERVER_STOPPING,
     * which are retryable.
     */
    async *subscribe(subscription: Subscription): AsyncGenerator<FeedStep, void> {
      const { tenant, after, wants, needsOwner = false, signal } = subscription;
      let at = after;
      let begunOn: string | null = null;
      const assertStillOn = (timeline: string): void => {
        begunOn ??= timeline;
        if (timeline !== begunOn) throw failedOver();
      };
      const step = (event: LiveEvent): FeedStep => ({ cursor: cursorOf(event), event });
      if (at) {
        assertStillOn((await reads.assertReached(tenant, at)).timeline);
        for await (const page of pages(subscription, at)) {
          assertStillOn(page.timeline);
          for (const event of page.wanted) yield step(event);
          at = page.at;
          if (!page.full) break;
          if (page.wanted.length === 0) yield { cursor: cursorOf(at), event: null };
        }
      }
      if (closed) throw serverStopping();
      if (signal?.aborted) return;

      const subscriber = createSubscriber({ wants, needsOwner, maxEvents, maxBytes, maxQuiet: MAX_QUIET });
      const tail = tailOf(tenant);
      const abort = () => {
        subscriber.end(null);
        leave(tenant, tail, subscriber);
      };
      signal?.addEventListener('abort', abort, { once: true });
      try {
        const { place: joined, timeline } = await tail.join(subscriber);
        if (closed) throw serverStopping();
        if (signal?.aborted) return;
        assertStillOn(timeline);
        // What was committed between the last page and joining; whatever comes later waits with the subscriber.
        if (at && comesAfter(joined, at)) {
          for await (const page of pages(subscription, at)) {
            assertStillOn(page.timeline);
            for (const event of page.wanted) yield step(event);
            at = page.at;
            if (!page.full || !comesAfter(joined, at)) break;
          }
        }
        at ??= joined;
        yield { cursor: cursorOf(at), event: null };
        for (;;) {
          const { events, seen, over } = await subscriber.take();
          if (over) return;
          for (const event of events) {
            if (comesAfter(event, at)) yield step(event);
          }
          if (seen && comesAfter(seen, at)) at = seen;
          if (events.length === 0) yield { cursor: cursorOf(at), event: null };
        }
      } finally {
        signal?.removeEventListener('abort', abort);
        leave(tenant, tail, subscriber);
      }
    },
    /** Ends every subscription with SERVER_STOPPING and takes no new ones. */
    close() {
      closed = true;
      for (const tail of tails.values()) {
        for (const member of tail.members) member.end(serverStopping());
        tail.stop();
      }
      tails.clear();
    },
  };
};
