import type { Database } from './database.ts';

/** The same database for work that may be called off: it starts nothing more once `signal` is aborted, whose reason it throws. */
export const untilAborted = (database: Database, signal: AbortSignal | undefined): Database => {
  if (!signal) return database;
  return {
    transaction: async (...call) => {
      signal.throwIfAborted();
      return database.transaction(...call);
    },
    read: async (...call) => {
      signal.throwIfAborted();
      return database.read(...call);
    },
    snapshot: async (...call) => {
      signal.throwIfAborted();
      return database.snapshot(...call);
    },
    close: () => database.close(),
  };
};
