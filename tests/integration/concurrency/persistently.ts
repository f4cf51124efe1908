import { setTimeout as delay } from 'node:timers/promises';
import { TRPCClientError } from '@trpc/client';
import type { Refusal } from '../../support/refusal.ts';

export type Outcome<T> = { answer: T } | { refused: string };

const MAX_TRIES = 60;

/**
 * Sends the same call until its outcome is known, as the client package does. `faults` collects what it was told
 * meanwhile: status and code of retryable answers, 'no answer' where the connection broke.
 */
export const persistently = async <T>(call: () => Promise<T>, faults: string[]): Promise<Outcome<T>> => {
  for (let tries = 1; ; tries++) {
    try {
      return { answer: await call() };
    } catch (error) {
      if (!(error instanceof TRPCClientError)) throw error;
      const refusal = error.data as Refusal | undefined;
      if (refusal && !refusal.retryable) {
        if (refusal.httpStatus >= 500) faults.push(`${refusal.httpStatus} ${refusal.code}`);
        return { refused: refusal.code };
      }
      faults.push(refusal ? `${refusal.httpStatus} ${refusal.code}` : 'no answer');
      if (tries === MAX_TRIES) throw error;
      await delay(10 * tries);
    }
  }
};
