import { type Listeners, silentListeners } from './listeners.ts';

type Tell = (...what: unknown[]) => void;

const inTurn =
  (one: Tell, other: Tell): Tell =>
  (...what) => {
    one(...what);
    other(...what);
  };

/**
 * Tells each in turn what it listens to; what one of them throws reaches the part that emitted, so none should. Who listens to
 * what is found out now, once.
 */
export const together = (...all: Listeners[]): Listeners => {
  const tell = (name: keyof Listeners): Tell => {
    const silent = silentListeners[name] as Tell;
    const told = all
      .filter((listeners) => listeners[name] !== silent)
      .map((listeners) => (listeners[name] as Tell).bind(listeners));
    return told.length === 0 ? silent : told.reduce(inTurn);
  };
  const names = Object.keys(silentListeners) as (keyof Listeners)[];
  return Object.fromEntries(names.map((name) => [name, tell(name)])) as unknown as Listeners;
};
