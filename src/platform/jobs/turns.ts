/** Work that is asked for by key, perhaps often, and done one at a time for each key. */
export interface Turns {
  /**
   * Resolves once a run of `work` that began after this call has ended, also in failure. Calls while one waits share it.
   * After `stop` nothing more begins.
   */
  ask(key: string, work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing runs or waits. */
  settled(): Promise<void>;
  /** Resolves when what runs has ended; what waits is given up. */
  stop(): Promise<void>;
}

/** Up to `atOnce` keys have their turn at a time; a run's failure is told to `onFault`. */
export const createTurns = (atOnce: number, onFault: (error: unknown) => void): Turns => {
  const waiting = new Map<string, { work: () => Promise<void>; ended: PromiseWithResolvers<void> }>();
  const running = new Map<string, Promise<void>>();
  let stopped = false;

  const startNext = () => {
    for (const [key, { work, ended }] of waiting) {
      if (running.size >= atOnce) return;
      if (running.has(key)) continue;
      waiting.delete(key);
      const run = work()
        .catch(onFault)
        .then(() => {
          running.delete(key);
          ended.resolve();
          startNext();
        });
      running.set(key, run);
    }
  };

  return {
    async ask(key, work) {
      if (stopped) return;
      const turn = waiting.get(key) ?? { work, ended: Promise.withResolvers<void>() };
      waiting.set(key, turn);
      startNext();
      await turn.ended.promise;
    },
    async settled() {
      while (running.size > 0) await Promise.all(running.values());
    },
    async stop() {
      stopped = true;
      for (const { ended } of waiting.values()) ended.resolve();
      waiting.clear();
      await Promise.all(running.values());
    },
  };
};
