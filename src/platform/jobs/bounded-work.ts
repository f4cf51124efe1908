/** Starts a piece of work once there is room for it; throws the first failure of an earlier piece. */
export type StartPiece = (piece: () => Promise<unknown>) => Promise<void>;

/**
 * Runs the pieces that `produce` starts, up to `atOnce` at a time. Resolves when all have ended, also after a failure,
 * of which the first is thrown; nothing more is started then.
 */
export const boundedWork = async (atOnce: number, produce: (start: StartPiece) => Promise<void>): Promise<void> => {
  const running = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  const start: StartPiece = async (piece) => {
    while (running.size >= atOnce) await Promise.race(running);
    if (failures.length > 0) throw failures[0];
    const ended = piece()
      .catch((error: unknown) => failures.push(error))
      .finally(() => running.delete(ended));
    running.add(ended);
  };
  try {
    await produce(start);
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
};
