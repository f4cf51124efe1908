import type { Operation, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from './contract.ts';
import { type InnkeeperError, toInnkeeperError } from './innkeeper-error.ts';
import { retryDelayMs } from './retry-delay.ts';
import type { Seams } from './seams.ts';
import { createStreamExchange, type StreamExchangeOptions } from './stream-exchange.ts';

export interface SubscriptionLinkOptions extends StreamExchangeOptions {
  /** Of the tRPC endpoint. */
  url: string;
  /** Asked before every connection. */
  headers: () => Promise<Record<string, string>>;
  /** Whether credentials that were refused may be other ones when they are asked for again. */
  renewsCredentials: boolean;
  seams: Seams;
}

/** What any connection begins with, before it has shown that it lasts. */
const GREETING = 2;

const urlOf = (url: string, { path, input }: Operation, lastEventId: string | undefined): string => {
  const whole = { ...(input as object), ...(lastEventId === undefined ? {} : { lastEventId }) };
  return `${url}/${path}?input=${encodeURIComponent(JSON.stringify(whole))}`;
};

/**
 * Subscriptions over server-sent events, as tRPC's own link speaks them. Goes on after the last id by itself whenever the
 * stream is lost or the error says `retryable`, after waits that grow; any other error ends the subscription.
 */
export const subscriptionLink = (options: SubscriptionLinkOptions): TRPCLink<AppRouter> => {
  const { url, headers, renewsCredentials, seams } = options;
  const exchange = createStreamExchange(options);

  return () =>
    ({ op }) =>
      observable((observer) => {
        const ended = new AbortController();
        const { signal } = ended;
        const giveUp = () => ended.abort();
        if (op.signal?.aborted) giveUp();
        op.signal?.addEventListener('abort', giveUp, { once: true });
        let lastId: string | undefined;
        let failures = 0;
        let open = false;
        let signs = 0;

        const connecting = (error: InnkeeperError | null) =>
          observer.next({ result: { type: 'state', state: 'connecting', error } });
        const listener = {
          onOpen() {
            open = true;
            observer.next({ result: { type: 'started' } });
            observer.next({ result: { type: 'state', state: 'pending', error: null } });
          },
          onLife(id: string | undefined) {
            lastId = id ?? lastId;
            signs += 1;
            if (signs > GREETING) failures = 0;
          },
          onData(id: string, data: unknown) {
            lastId = id;
            failures = 0;
            try {
              observer.next({ result: { id, data: { id, data } } });
            } catch (fault) {
              // What the subscriber's own code throws is no lost connection.
              throw toInnkeeperError(fault);
            }
          },
        };
        const sleep = (ms: number) =>
          new Promise<void>((resolve) => {
            const cancel = seams.startTimer(ms, () => {
              signal.removeEventListener('abort', stop);
              resolve();
            });
            const stop = () => {
              cancel();
              resolve();
            };
            signal.addEventListener('abort', stop, { once: true });
          });
        /** How long to wait before another connection; null when that would not help. */
        const delayAfter = (error: InnkeeperError, wasOpen: boolean): number | null => {
          if (error.code === 'INVALID_CREDENTIALS' && renewsCredentials && wasOpen) return 0;
          failures += 1;
          return retryDelayMs(error, failures, seams.random);
        };

        const run = async (): Promise<void> => {
          connecting(null);
          while (!signal.aborted) {
            open = false;
            signs = 0;
            try {
              await exchange(urlOf(url, op, lastId), await headers(), signal, listener);
              return;
            } catch (thrown) {
              if (signal.aborted) return;
              const error = toInnkeeperError(thrown);
              const delay = delayAfter(error, open);
              if (delay === null) throw error;
              connecting(error);
              await sleep(delay);
            }
          }
        };
        run()
          .then(
            () => {
              if (!signal.aborted) observer.next({ result: { type: 'stopped' } });
              observer.complete();
            },
            (error) => observer.error(error),
          )
          .finally(() => op.signal?.removeEventListener('abort', giveUp));
        return giveUp;
      });
};
