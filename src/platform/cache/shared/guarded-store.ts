import { type BreakerOptions, createBreaker } from './breaker.ts';
import type { SharedStore } from './store.ts';

/** A store that is asked only while it answers. */
export interface GuardedStore {
  store: SharedStore;
  readonly errors: number;
  readonly answers: boolean;
}

export const guardStore = (store: SharedStore, options: BreakerOptions): GuardedStore => {
  const breaker = createBreaker(options);
  const guarded =
    <Args extends unknown[], Answer>(command: (...args: Args) => Promise<Answer>) =>
    (...args: Args): Promise<Answer> =>
      breaker.run(() => command(...args));
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
      return breaker.errors;
    },
    get answers() {
      return !breaker.isOpen;
    },
  };
};
