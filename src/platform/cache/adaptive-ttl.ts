import { type CacheType, cachePolicies } from './policies.ts';

/** How long answers of a type live: longer while they are read and don't change, shorter when they change soon. */
export interface AdaptiveTtl {
  of(type: CacheType): number;
  read(type: CacheType, nowMs: number): void;
  /** Answers of the type were taken away because they had changed. */
  changed(type: CacheType, nowMs: number): void;
}

const FACTOR = 1.5;
/** So many reads in a life say that it pays to keep answers longer. */
const READS_TO_GROW = 10;

interface State {
  ttlMs: number;
  since: number;
  reads: number;
}

export const createAdaptiveTtl = (): AdaptiveTtl => {
  const states = new Map<CacheType, State>();
  const stateOf = (type: CacheType, nowMs: number): State => {
    const state = states.get(type) ?? { ttlMs: cachePolicies[type].ttlMs, since: nowMs, reads: 0 };
    states.set(type, state);
    return state;
  };
  return {
    of: (type) => states.get(type)?.ttlMs ?? cachePolicies[type].ttlMs,
    read(type, nowMs) {
      const state = stateOf(type, nowMs);
      state.reads += 1;
      if (nowMs - state.since < state.ttlMs || state.reads < READS_TO_GROW) return;
      Object.assign(state, { ttlMs: Math.min(cachePolicies[type].most, state.ttlMs * FACTOR), since: nowMs, reads: 0 });
    },
    changed(type, nowMs) {
      const state = stateOf(type, nowMs);
      if (nowMs - state.since < state.ttlMs) state.ttlMs = Math.max(cachePolicies[type].least, state.ttlMs / FACTOR);
      Object.assign(state, { since: nowMs, reads: 0 });
    },
  };
};
