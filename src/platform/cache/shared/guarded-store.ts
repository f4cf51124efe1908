import type { SharedStore } from './store.ts';

export interface GuardOptions {
  nowMs: () => number;
  /** Told when the store stops answering, with the reason, and when it answers again. */
  onChange: (reason: string | null) => void;
}

/** A store that is asked only while it answers. */
export interface GuardedStore {
  store: SharedStore;
  readonly errors: number;
  readonly answers: boolean;
}

/** Failures in a row after which nothing is asked. */
const MOST_FAILURES = 5;
/** Then one command a second finds out whether it answers again. */
const PROBE_MS = 1_000;
/** Commands under way at a time; more are not begun. */
const MOST_UNDER_WAY = 256;

/** Thrown in place of a command that is not begun. */
export class StoreNotAsked extends Error {
  override readonly name = 'StoreNotAsked';
}

export const guardStore = (store: SharedStore, { nowMs, onChange }: GuardOptions): GuardedStore => {
  let failures = 0;
  let errors = 0;
  let underWay = 0;
  let isOpen = false;
  let nextProbeAt = 0;

  const succeeded = (): void => {
    failures = 0;
    if (!isOpen) return;
    isOpen = false;
    onChange(null);
  };

  const failed = (error: unknown): void => {
    errors += 1;
    failures += 1;
    if (isOpen || failures < MOST_FAILURES) return;
    isOpen = true;
    nextProbeAt = nowMs() + PROBE_MS;
    // The error itself may hold the command, and that a password.
    onChange(error instanceof Error ? error.message : String(error));
  };

  const guarded =
    <Args extends unknown[], Answer>(command: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (underWay >= MOST_UNDER_WAY) throw new StoreNotAsked('too many commands are under way');
      if (isOpen && nowMs() < nextProbeAt) throw new StoreNotAsked('the store does not answer');
      if (isOpen) nextProbeAt = nowMs() + PROBE_MS;
      underWay += 1;
      try {
        const answer = await command(...args);
        succeeded();
        return answer;
      } catch (error) {
        failed(error);
        throw error;
      } finally {
        underWay -= 1;
      }
    };

  return {
    store: {
      read: guarded(store.read),
      write: guarded(store.write),
      history: guarded(store.history),
      begin: guarded(store.begin),
      mark: guarded(store.mark),
      claim: guarded(store.claim),
      release: guarded(store.release),
      close: store.close,
    },
    get errors() {
      return errors;
    },
    get answers() {
      return !isOpen;
    },
  };
};
