import { setTimeout as delay } from 'node:timers/promises';

/** Runs `call` over and over, `atOnce` at a time, for `ms`; answers the rate a second. */
export const closedLoad = async (atOnce: number, ms: number, call: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() - startedAt < ms) {
        await call();
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - startedAt);
};

/** Starts `call` `rate` times a second for `ms`, whatever the answers take; resolves when all have come. */
export const openLoad = async (rate: number, ms: number, call: () => Promise<unknown>): Promise<void> => {
  const startedAt = performance.now();
  const calls: Promise<unknown>[] = [];
  for (let started = 0; performance.now() - startedAt < ms; ) {
    for (const due = ((performance.now() - startedAt) * rate) / 1_000; started < due; started++) calls.push(call());
    await delay(2);
  }
  await Promise.all(calls);
};

/** The smallest value that `share` of the values do not exceed. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;
