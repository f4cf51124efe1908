import { LRUCache } from 'lru-cache';
import type { Principal } from '../../kernel/principal.ts';
import type { UsedKey } from './key-use.ts';

/** How well this process is told of what a tenant changes. */
export interface Told {
  /** Milliseconds since it was last certain that nothing is missing. */
  ageMs(): number;
}

export interface Known {
  principal: Principal;
  /** When the credentials end by themselves, by the domain's clock; null for never. */
  expiresAtMs: number | null;
  /** False for what a replica said while the primary was away. */
  isCertain: boolean;
  /** The API key that was looked up, if it was one. */
  key?: UsedKey;
}

/** Whom credentials speak for, found by a digest of them, for as long as nothing about access has changed. */
export interface PrincipalCache {
  get(digest: string): Known | undefined;
  /** Whether these credentials were valid when they were last looked up, also where they have to be looked up anew. */
  remembers(digest: string): boolean;
  /** Notes that these credentials are not valid. */
  forget(digest: string): void;
  /** Keeps what was looked up since `generation` was asked for, unless access changed meanwhile. */
  keep(digest: string, known: Known, generation: number): void;
  generation(): number;
  /** Forgets everyone of the tenant, as something about access has changed. */
  drop(tenant: string): void;
}

const MOST = 20_000;
const LIFE_MS = 60_000;
/** So long at most while this process can't be sure to be told of changes. */
const UNCONFIRMED_MS = 5_000;

interface Entry extends Known {
  keptAtMs: number;
}

export const createPrincipalCache = (follow: (tenant: string) => Told, nowMs: () => number): PrincipalCache => {
  const entries = new LRUCache<string, Entry>({ max: MOST });
  const remembered = new LRUCache<string, true>({ max: MOST });
  let generation = 0;
  return {
    get(digest) {
      const entry = entries.get(digest);
      if (!entry) return undefined;
      const ageMs = nowMs() - entry.keptAtMs;
      const told = follow(entry.principal.tenant);
      return ageMs < LIFE_MS && Math.min(ageMs, told.ageMs()) <= UNCONFIRMED_MS ? entry : undefined;
    },
    remembers: (digest) => remembered.has(digest),
    forget: (digest) => void remembered.delete(digest),
    keep(digest, known, since) {
      follow(known.principal.tenant);
      remembered.set(digest, true);
      if (since === generation) entries.set(digest, { ...known, keptAtMs: nowMs() });
    },
    generation: () => generation,
    drop(tenant) {
      generation += 1;
      for (const [digest, { principal }] of entries) if (principal.tenant === tenant) entries.delete(digest);
    },
  };
};
