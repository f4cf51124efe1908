import { AppError } from '../../kernel/app-error.ts';
import type { OutboxEvent, OutboxPosition } from './outbox.ts';

/** An event on its way to subscribers; all of them get the same object. */
export interface LiveEvent extends OutboxEvent {
  /** Who made the booking; null where nobody signed in did, and for events of no booking. */
  ownerId: string | null;
  /** About what it takes in memory and on the wire. */
  bytes: number;
}

export interface SubscriberOptions {
  /** Which events it is about; the others cost it nothing. */
  wants: (event: LiveEvent) => boolean;
  /** Whether it has to know whose booking an event is of. */
  needsOwner: boolean;
  maxEvents: number;
  maxBytes: number;
  /** Unwanted events after which it hears how far it has come. */
  maxQuiet: number;
}

/** What came since the last time, and up to where everything has been seen, wanted or not. */
export interface Taken {
  events: LiveEvent[];
  seen: OutboxPosition | null;
  /** Nothing comes any more. */
  over: boolean;
}

/** One reader of a tail, with what it has not taken yet. */
export interface Subscriber {
  readonly needsOwner: boolean;
  push(events: readonly LiveEvent[]): void;
  /** Ends it: with an error, which the next `take` throws, or just so. What waits is dropped. */
  end(error: AppError | null): void;
  /** Waits for wanted events, or for many unwanted ones; throws AppError SUBSCRIBER_TOO_SLOW when more came than it may leave waiting. */
  take(): Promise<Taken>;
}

const tooSlow = (): AppError =>
  new AppError(
    'unavailable',
    'SUBSCRIBER_TOO_SLOW',
    'More has happened than you have read. Subscribe again from your last id.',
    { retryable: true },
  );

export const createSubscriber = ({
  wants,
  needsOwner,
  maxEvents,
  maxBytes,
  maxQuiet,
}: SubscriberOptions): Subscriber => {
  let waiting: LiveEvent[] = [];
  let bytes = 0;
  let quiet = 0;
  let seen: OutboxPosition | null = null;
  let over = false;
  let failure: AppError | null = null;
  let ring: (() => void) | null = null;

  const hasNews = (): boolean => waiting.length > 0 || quiet >= maxQuiet;
  const wake = (): void => {
    ring?.();
    ring = null;
  };
  const end = (error: AppError | null): void => {
    if (over) return;
    over = true;
    failure = error;
    waiting = [];
    wake();
  };

  return {
    needsOwner,
    end,
    push(events) {
      if (over) return;
      const behind = waiting.length > 0;
      for (const event of events) {
        quiet += 1;
        if (!wants(event)) continue;
        waiting.push(event);
        bytes += event.bytes;
      }
      const last = events.at(-1);
      if (last) seen = { txid: last.txid, position: last.position };
      // What comes at once is no sign of slowness, however much it is.
      if (behind && (waiting.length > maxEvents || bytes > maxBytes)) end(tooSlow());
      else if (hasNews()) wake();
    },
    async take() {
      if (!over && !hasNews()) {
        await new Promise<void>((resolve) => {
          ring = resolve;
        });
      }
      if (failure) throw failure;
      const taken = { events: waiting, seen, over };
      waiting = [];
      bytes = quiet = 0;
      seen = null;
      return taken;
    },
  };
};
