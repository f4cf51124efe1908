import { onTestFinished } from 'vitest';
import type { RouterOutputs } from '../../../src/client/contract.ts';
import { createClient, type InnkeeperClient } from '../../../src/client/create-client.ts';
import type { InnkeeperError } from '../../../src/client/innkeeper-error.ts';
import { systemSeams } from '../../../src/client/seams.ts';

/** The published client, that does not wait before it connects again. */
export const hastyClient = (url: string, apiKey: string): InnkeeperClient =>
  createClient({ url, apiKey }, { ...systemSeams, random: () => 0 });

type BookingChange = RouterOutputs['bookings']['changes'] extends AsyncIterable<infer Change> ? Change : never;

interface Observer {
  onData(value: BookingChange): void;
  onError(error: unknown): void;
  onConnectionStateChange(state: { state: string; error: unknown }): void;
}

export interface Follower {
  items: BookingChange[];
  /** Errors after which it connected again. */
  interruptions: InnkeeperError[];
  /** Resolves with the first `count` items; rejects with the error that ended the subscription. */
  first(count: number): Promise<BookingChange[]>;
  /** Resolves with the error that ended the subscription. */
  ended: Promise<InnkeeperError>;
  stop(): void;
}

/** Collects what a subscription to bookings gives; `onItem` hears of each at once, and of how often it was interrupted. Resolves once the stream is open. */
export const follow = async (
  subscribe: (observer: Observer) => { unsubscribe(): void },
  onItem: (interruptions: number) => void = () => {},
): Promise<Follower> => {
  const items: BookingChange[] = [];
  const interruptions: InnkeeperError[] = [];
  const ended = Promise.withResolvers<InnkeeperError>();
  const open = Promise.withResolvers<void>();
  const waiting = new Set<() => void>();
  const { unsubscribe } = subscribe({
    onData(value) {
      items.push(value);
      onItem(interruptions.length);
      for (const look of waiting) look();
    },
    onError(error) {
      ended.resolve(error as InnkeeperError);
      open.reject(error);
    },
    onConnectionStateChange({ state, error }) {
      if (state === 'pending') open.resolve();
      if (error) interruptions.push(error as InnkeeperError);
    },
  });
  onTestFinished(unsubscribe);
  await open.promise;
  return {
    items,
    interruptions,
    first: (count) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (items.length < count) return;
          waiting.delete(look);
          resolve(items.slice(0, count));
        };
        ended.promise.then(reject);
        waiting.add(look);
        look();
      }),
    ended: ended.promise,
    stop: unsubscribe,
  };
};
