import type { Operation, TRPCLink } from '@trpc/client';
import { observable, observableToPromise } from '@trpc/server/observable';
import type { AppRouter } from './contract.ts';
import { failure, toInnkeeperError } from './innkeeper-error.ts';
import { takesKey } from './keyed-mutations.ts';
import { retryDelayMs } from './retry-delay.ts';
import type { Seams } from './seams.ts';

/** Settles as `work` does, or rejects with ABORTED as soon as the signal says so; `abandon` then tidies up. */
const unlessAborted = <T>(signal: AbortSignal | null, work: Promise<T>, abandon = () => {}): Promise<T> => {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => {
      abandon();
      reject(failure('ABORTED', 'The caller gave the call up.', { cause: signal.reason }));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
};

/** The same call with an idempotency key, where it takes one and the caller gave none. */
const withKey = (op: Operation, newKey: () => string): Operation => {
  if (op.type !== 'mutation' || !takesKey(op.path)) return op;
  const input = { ...(op.input as { idempotencyKey?: string }) };
  input.idempotencyKey ??= newKey();
  return { ...op, input };
};

/**
 * Makes each call's idempotency key and keeps it while it tries again, at most `retries` times and only where that can
 * help and cannot do the work twice. What fails is thrown as InnkeeperError.
 */
export const callLink = (retries: number, { newKey, random, startTimer }: Seams): TRPCLink<AppRouter> => {
  const sleep = (ms: number, signal: AbortSignal | null) => {
    let cancel = () => {};
    const slept = new Promise<void>((resolve) => {
      cancel = startTimer(ms, resolve);
    });
    return unlessAborted(signal, slept, () => cancel());
  };

  const complete = async <T>(op: Operation, attempt: () => Promise<T>): Promise<T> => {
    const repeatable = op.type === 'query' || takesKey(op.path);
    for (let failures = 1; ; failures++) {
      try {
        return await unlessAborted(op.signal ?? null, attempt());
      } catch (thrown) {
        const error = toInnkeeperError(thrown);
        const delay = repeatable && failures <= retries ? retryDelayMs(error, failures, random) : null;
        if (delay === null) throw error;
        await sleep(delay, op.signal ?? null);
      }
    }
  };

  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const keyed = withKey(op, newKey);
        complete(keyed, () => observableToPromise(next(keyed))).then(
          (value) => {
            observer.next(value);
            observer.complete();
          },
          (error) => observer.error(error),
        );
      });
};
