/** Pieces of work of which a few run at a time. */
export interface BoundedWork {
  /** Resolves once the piece has started; throws the first failure, after which nothing more is started. */
  start(piece: () => Promise<void>): Promise<void>;
  /** Resolves when all pieces have ended; throws the first failure. */
  ended(): Promise<void>;
}

export const boundedWork = (atOnce: number): BoundedWork => {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const throwFailure = () => {
    if (failures.length > 0) throw failures[0];
  };
  return {
    async start(piece) {
      while (running.size >= atOnce) await Promise.race(running);
      throwFailure();
      const ended = piece()
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(ended));
      running.add(ended);
    },
    async ended() {
      await Promise.all(running);
      throwFailure();
    },
  };
};
