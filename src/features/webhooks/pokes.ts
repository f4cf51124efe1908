/** Waits for one key's poke. */
export interface Bell extends Disposable {
  /** Resolves when one of `others` has, when the key was poked since the last time, or after `ms` milliseconds. */
  rungOr(others: Iterable<Promise<void>>, ms: number): Promise<void>;
}

/** Lets whoever works on a key be told that there is more. */
export interface Pokes {
  hang(key: string): Bell;
  poke(key: string): void;
}

export const createPokes = (): Pokes => {
  const bells = new Map<string, () => void>();
  return {
    poke: (key) => bells.get(key)?.(),
    hang(key) {
      let rung = Promise.withResolvers<void>();
      bells.set(key, () => rung.resolve());
      return {
        async rungOr(others, ms) {
          const timer = Promise.withResolvers<void>();
          const timeout = setTimeout(timer.resolve, Math.max(0, ms));
          let poked = false;
          await Promise.race([...others, timer.promise, rung.promise.then(() => (poked = true))]);
          clearTimeout(timeout);
          if (poked) rung = Promise.withResolvers<void>();
        },
        [Symbol.dispose]: () => void bells.delete(key),
      };
    },
  };
};
