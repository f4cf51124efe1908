/** Where a key stands in its window. */
export interface Standing {
  consumed: number;
  /** Until the window is over. */
  leftMs: number;
}

export interface WindowCounts {
  /** Counts so many calls, also those that are too many. A key's window begins with its first call. */
  count(key: string, calls: number): Standing;
  /** Null outside of a window; counts nothing. */
  standing(key: string): Standing | null;
  /** Has the key's window be over in so many milliseconds at the latest. */
  endWithin(key: string, ms: number): void;
  /** Keys that are remembered. */
  readonly size: number;
}

interface Window {
  consumed: number;
  endsAt: number;
}

/** Counts by key in this process, without waiting for anything; what is over is forgotten as new windows begin. */
export const createWindowCounts = (windowMs: number, nowMs: () => number): WindowCounts => {
  /** In the order in which they began, as all are of one length at most. */
  const windows = new Map<string, Window>();

  const begin = (key: string, consumed: number, now: number): void => {
    for (const [one, { endsAt }] of windows) {
      if (endsAt > now) break;
      windows.delete(one);
    }
    windows.delete(key);
    windows.set(key, { consumed, endsAt: now + windowMs });
  };

  return {
    count(key, calls) {
      const now = nowMs();
      const running = windows.get(key);
      if (running && running.endsAt > now) {
        running.consumed += calls;
        return { consumed: running.consumed, leftMs: running.endsAt - now };
      }
      begin(key, calls, now);
      return { consumed: calls, leftMs: windowMs };
    },
    standing(key) {
      const now = nowMs();
      const running = windows.get(key);
      return running && running.endsAt > now ? { consumed: running.consumed, leftMs: running.endsAt - now } : null;
    },
    endWithin(key, ms) {
      const running = windows.get(key);
      if (running) running.endsAt = Math.min(running.endsAt, nowMs() + ms);
    },
    get size() {
      return windows.size;
    },
  };
};
