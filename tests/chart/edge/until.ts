import { setTimeout as delay } from 'node:timers/promises';

/** Waits until it holds, ten seconds at most; `what` is said when it does not. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ten seconds: ${what}`);
    await delay(20);
  }
};
