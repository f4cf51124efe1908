import type { SharedStore } from './store.ts';

export interface ClaimsOptions {
  store: SharedStore;
  newId: () => string;
  pause: (ms: number) => Promise<unknown>;
}

/** A process that vanishes keeps others from nothing for longer. */
const CLAIM_MS = 1_000;
/** Longest wait for another process' filling. */
const PAUSES_MS = [5, 10, 20, 40, 75];

/**
 * One filling at a time across processes, as far as that helps: whoever comes while another fills looks again a few times, then
 * fills too. Answers how to give the place back.
 */
export const createClaims = ({ store, newId, pause }: ClaimsOptions) => {
  const claim = async (key: string): Promise<(() => void) | null> => {
    const owner = newId();
    if (!(await store.claim(key, owner, CLAIM_MS))) return null;
    return () => void store.release(key, owner).catch(() => {});
  };
  const nothing = () => {};
  return async <Found>(
    key: string,
    lookAgain: () => Promise<Found | null>,
  ): Promise<{ found: Found | null; release: () => void }> => {
    try {
      for (const pauseMs of PAUSES_MS) {
        const release = await claim(key);
        if (release) return { found: null, release };
        await pause(pauseMs);
        const found = await lookAgain();
        if (found !== null) return { found, release: nothing };
      }
    } catch {
      // Without the store everyone fills.
    }
    return { found: null, release: nothing };
  };
};
