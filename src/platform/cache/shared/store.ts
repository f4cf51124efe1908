/** What a tenant's history in the shared store says of itself; positions and cursors as text that sorts. */
export interface History {
  id: string;
  /** Up to which event its tags are marked. */
  cursor: string;
  /** The newest position that it was marked at. */
  at: string;
}

export interface NewHistory extends History {
  /** The history that it replaces; null where there is none. */
  replaces: string | null;
  chain: string;
  lifeMs: number;
}

export interface Marking extends History {
  /** Whose marks these are, in one sequence: one that is missing shows that the store has lost some. */
  chain: string;
  /** How many marks of the chain came before; null for its first, which needs the history to reach `since`. */
  after: number | null;
  since: string;
  /** A chain that goes on no more. */
  ends: string | null;
  /** For each tag what marks it: no other write has the same, so that it need not be marked with it twice in a row. */
  tags: ReadonlyMap<string, string>;
  lifeMs: number;
}

export type Marked = 'marked' | 'lost' | 'full';

/** What was kept under a key, and fields of a history that were read after it. */
export interface StoreRead {
  value: Buffer | null;
  /** Milliseconds until the store drops the value. */
  leftMs: number;
  fields: (string | null)[];
}

/** The few commands that the shared tier needs of Redis. Each may fail at any time; none is repeated. */
export interface SharedStore {
  read(key: string, historyKey: string, fields: readonly string[]): Promise<StoreRead>;
  write(key: string, value: Buffer, lifeMs: number): Promise<void>;
  history(historyKey: string): Promise<History | null>;
  /** Begins a history anew; false when another one stands there than it was to replace. */
  begin(historyKey: string, history: NewHistory): Promise<boolean>;
  mark(historyKey: string, marking: Marking): Promise<Marked>;
  /** Takes a lock that ends by itself; false when it is taken. */
  claim(lockKey: string, owner: string, lifeMs: number): Promise<boolean>;
  release(lockKey: string, owner: string): Promise<void>;
  close(): void;
}

/** The place of a field in a history that is no tag. */
export const HISTORY_FIELDS = { id: '#id', from: '#from', cursor: '#cursor', at: '#at', chain: '#chain:' } as const;
/** A history with more fields than this is begun anew. */
export const MOST_FIELDS = 20_000;

/** A tag's field: how often it was marked, by what last, at which position at the latest. */
export const parseMark = (field: string | null): { version: string; at: string | null } => {
  const [version = '0', , at = null] = field?.split(' ') ?? [];
  return { version, at };
};
