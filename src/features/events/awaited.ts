import type { StartTimer } from './tail.ts';

/** Those who wait for something to become true, each for a while. */
export interface Awaited {
  /** Resolves with true once `isTrue` is, as `check` finds; with false when `mostMs` are over or it is given up. */
  until(isTrue: () => boolean, mostMs: number): Promise<boolean>;
  /** Lets go whoever waits no longer; answers whether anybody is left. */
  check(): boolean;
  giveUp(): void;
}

export const createAwaited = (startTimer: StartTimer): Awaited => {
  const waiting = new Map<() => boolean, (isTrue: boolean) => void>();
  return {
    until: (isTrue, mostMs) =>
      new Promise((resolve) => {
        const end = (result: boolean) => {
          cancel();
          waiting.delete(isTrue);
          resolve(result);
        };
        const cancel = startTimer(mostMs, () => end(false));
        waiting.set(isTrue, end);
      }),
    check() {
      for (const [isTrue, end] of waiting) if (isTrue()) end(true);
      return waiting.size > 0;
    },
    giveUp() {
      for (const end of waiting.values()) end(false);
    },
  };
};
