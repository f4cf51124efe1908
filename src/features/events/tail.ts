import { type FeedReads, failedOver, type OnTimeline, PAGE } from './feed-reads.ts';
import { BEGINNING, type OutboxPosition } from './outbox.ts';
import { createRest } from './rest.ts';
import type { LiveEvent, Subscriber } from './subscriber.ts';

/** Runs `ring` once after `ms` milliseconds, unless the answered function is called before. */
export type StartTimer = (ms: number, ring: () => void) => () => void;

export interface TailOptions {
  tenant: string;
  reads: FeedReads;
  startTimer: StartTimer;
  /** The longest time between two looks. */
  pollMs: number;
  /** Told once when looking begins to fail. */
  onFault: (error: unknown) => void;
}

/** Where a subscriber's events begin, and on which timeline: on another one the place means nothing. */
export interface Beginning extends OnTimeline {
  place: OutboxPosition;
}

/**
 * Reads a tenant's new events once for all of its subscribers, from the first one's coming to the last one's leaving. When another
 * primary takes over, whose transaction ids may begin further back, its subscribers end with EVENTS_GONE and it begins anew.
 */
export interface Tail {
  readonly members: ReadonlySet<Subscriber>;
  /** Answers the place after which the subscriber is given everything; waits for the database where it has to. */
  join(subscriber: Subscriber): Promise<Beginning>;
  leave(subscriber: Subscriber): void;
  /** Looks at once. */
  wake(): void;
  /** Looks no more. */
  stop(): void;
}

/** Between two looks at the least, so that a look serves many commits; also the first wait for what is not final yet. */
const GAP_MS = 10;

export const createTail = ({ tenant, reads, startTimer, pollMs, onFault }: TailOptions): Tail => {
  const members = new Set<Subscriber>();
  let begun = Promise.withResolvers<Beginning>();
  let at: Beginning | null = null;
  let running = false;
  let stopped = false;
  let failing = false;
  const rest = createRest(startTimer, GAP_MS);

  const deliver = async (events: LiveEvent[], timeline: string): Promise<void> => {
    const last = events.at(-1);
    if (!last) return;
    if ([...members].some(({ needsOwner }) => needsOwner)) await reads.addOwners(tenant, events);
    at = { place: { txid: last.txid, position: last.position }, timeline };
    for (const member of members) member.push(events);
  };

  const beginAnew = (): void => {
    at = null;
    begun = Promise.withResolvers();
    const ended = [...members];
    members.clear();
    for (const member of ended) member.end(failedOver());
  };

  /** How long to wait until the next look; `waited` is how long it was for what is not final yet. */
  const look = async (waited: number): Promise<{ pauseMs: number; waited: number }> => {
    if (at === null) {
      at = await reads.present(tenant);
      begun.resolve(at);
    }
    const { events, unsettled, timeline } = await reads.next(tenant, at.place);
    if (timeline !== at.timeline) {
      beginAnew();
      return { pauseMs: GAP_MS, waited: 0 };
    }
    await deliver(events, timeline);
    if (events.length === PAGE) return { pauseMs: 0, waited: 0 };
    if (!unsettled) return { pauseMs: pollMs, waited: 0 };
    const longer = Math.min(pollMs, events.length || waited === 0 ? GAP_MS : waited * 2);
    return { pauseMs: longer, waited: longer };
  };

  const run = async (): Promise<void> => {
    for (let next = { pauseMs: 0, waited: 0 }; !stopped; ) {
      rest.beginLook();
      try {
        next = await look(next.waited);
        failing = false;
      } catch (error) {
        if (!failing) onFault(error);
        failing = true;
        next = { pauseMs: pollMs, waited: 0 };
      }
      if (next.pauseMs > 0 && !stopped) await rest.pause(next.pauseMs);
    }
  };

  const stop = (): void => {
    stopped = true;
    begun.resolve(at ?? { place: BEGINNING, timeline: '' });
    rest.cutShort();
  };

  return {
    members,
    stop,
    join(subscriber) {
      members.add(subscriber);
      if (!running) void run();
      running = true;
      return at ? Promise.resolve(at) : begun.promise;
    },
    leave(subscriber) {
      members.delete(subscriber);
      if (members.size === 0) stop();
    },
    wake: rest.wake,
  };
};
