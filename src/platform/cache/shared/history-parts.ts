import type { ConsistencyToken } from '../../../kernel/consistency-token.ts';
import type { SharedStore } from './store.ts';

/** Tags that were written, each with the event that did it; null where several did. */
export type Written = ReadonlyMap<string, string | null>;

/** What events after a cursor have written; `at` is where the log stood once they were read. */
export interface Backlog {
  tags: Written;
  cursor: string;
  at: ConsistencyToken;
}

export interface HistoriesOptions {
  store: SharedStore;
  keyOf: (tenant: string) => string;
  newId: () => string;
  nowMs: () => number;
  /** All that was committed after the cursor; null when that is too much to read. */
  readBacklog: (tenant: string, cursor: string) => Promise<Backlog | null>;
}

/** A history that this process goes on with. */
export interface Joined {
  readonly id: string;
  readonly chain: string;
  /** How many marks of the chain the store has to have. */
  readonly marks: number;
}

/** Marks in the shared store what this process is told of, so that whoever comes later knows of it. */
export interface Histories {
  /** What follows the tenant begins anew: what was told before says nothing of what is told from here on. */
  begun(tenant: string): void;
  told(tenant: string, tags: Written): void;
  /** All events up to the cursor have been told, by a look after which the log stood at `at`. */
  looked(tenant: string, cursor: string, at: ConsistencyToken): void;
  /** The history that holds all events before this process followed the tenant, and is told of those since; null while there is none. */
  joined(tenant: string): Joined | null;
  /** Whether this process was told of a write of the tags that the history may not hold yet. */
  isPending(tenant: string, tags: readonly string[]): boolean;
  /** The history is not what it was taken for. */
  lost(tenant: string, joined: Joined): void;
  /** From now on only what is kept after this counts, in every tenant. */
  distrust(): void;
}
