import type { StartTimer } from './tail.ts';

/** The pause between two looks, which whoever has news cuts short. */
export interface Rest {
  /** Resolves after `ms`, or once it is cut short; after `gapMs` when news came since `beginLook`. */
  pause(ms: number): Promise<void>;
  /** News from here on are not seen by the look that begins now. */
  beginLook(): void;
  cutShort(): void;
  /** Says that there is news. */
  wake(): void;
}

export const createRest = (startTimer: StartTimer, gapMs: number): Rest => {
  let woken = false;
  let end: (() => void) | null = null;
  const cutShort = (): void => end?.();
  return {
    pause: (ms) =>
      new Promise((resolve) => {
        const done = () => {
          end = null;
          resolve();
        };
        const cancel = startTimer(woken ? Math.min(ms, gapMs) : ms, done);
        if (woken) return;
        end = () => {
          cancel();
          done();
        };
      }),
    beginLook() {
      woken = false;
    },
    cutShort,
    wake() {
      woken = true;
      cutShort();
    },
  };
};
