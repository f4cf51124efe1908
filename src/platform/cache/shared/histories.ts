import { LRUCache } from 'lru-cache';
import type { ConsistencyToken } from '../../../kernel/consistency-token.ts';
import { orderedPosition } from './ordered-position.ts';
import type { SharedStore } from './store.ts';

/** Events after a cursor, by the last one of each tag; `at` is where the log stood once they were read. */
export interface Backlog {
  tags: ReadonlyMap<string, string>;
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
  onFault: (error: unknown) => void;
}

/** Marks in the shared store what this process is told of, so that whoever comes later knows of it. */
export interface Histories {
  /** What follows the tenant begins anew: what was told before says nothing of what is told from here on. */
  begun(tenant: string): void;
  told(tenant: string, tags: ReadonlyMap<string, string>): void;
  /** All events up to the cursor have been told, by a look after which the log stood at `at`. */
  looked(tenant: string, cursor: string, at: ConsistencyToken): void;
  /** The history that holds all events before this process followed the tenant, and is told of those since; null while there is none. */
  joined(tenant: string): string | null;
  /** Whether this process was told of a write of the tags that the history may not hold yet. */
  isPending(tenant: string, tags: readonly string[]): boolean;
  /** The history is not what it was taken for. */
  lost(tenant: string): void;
  /** From now on only what is kept after this counts, in every tenant. */
  distrust(): void;
}

interface State {
  joined: { id: string; marks: number } | null;
  chain: string;
  busy: boolean;
  /** A history that was joined must not go on. */
  replace: boolean;
  gathered: Map<string, string>;
  sending: ReadonlyMap<string, string>;
  look: { cursor: string; at: ConsistencyToken };
  marked: { cursor: string; atMs: number };
}

const MOST_TENANTS = 5_000;
/** Longer than any answer that is asked for again, shorter than events are kept. */
const LIFE_MS = 24 * 3_600_000;
/** How often a history without news is kept alive. */
const REFRESH_MS = 60_000;
/** More tags at once make a new history. */
const MOST_TAGS = 5_000;
const TIMELINE_DIGITS = 8;

const later = (a: string, b: string): string => (a > b ? a : b);

export const createHistories = (options: HistoriesOptions): Histories => {
  const { store, keyOf, newId, nowMs, readBacklog, onFault } = options;
  const states = new LRUCache<string, State>({ max: MOST_TENANTS });
  /** Once something was distrusted: the tenants whose histories began after that. */
  let trusted: Set<string> | null = null;

  const beginAnew = async (tenant: string, state: State, look: State['look'], replaces: string | null) => {
    const id = newId();
    const chain = newId();
    const history = { id, chain, replaces, cursor: look.cursor, at: orderedPosition(look.at), lifeMs: LIFE_MS };
    if (!(await store.begin(keyOf(tenant), history))) return;
    trusted?.add(tenant);
    Object.assign(state, { joined: { id, marks: 0 }, chain, replace: false });
  };

  /** Makes a history hold what it lacks, or begins one. */
  const join = async (tenant: string, state: State): Promise<void> => {
    const { look } = state;
    // What was told so far was committed before `look.at`, and so is found in the backlog.
    state.gathered = new Map();
    const trusts = !state.replace && (trusted === null || trusted.has(tenant));
    const known = await store.history(keyOf(tenant));
    const backlog =
      known && trusts && known.at.startsWith(look.at.timeline.slice(0, TIMELINE_DIGITS))
        ? await readBacklog(tenant, known.cursor)
        : null;
    // A history ahead of the log is of another log: the database went back.
    const fits = known && backlog && backlog.tags.size <= MOST_TAGS && orderedPosition(backlog.at) >= known.at;
    if (!fits) return await beginAnew(tenant, state, look, known?.id ?? null);
    const chain = newId();
    const marked = await store.mark(keyOf(tenant), {
      ...{ id: known.id, chain, after: null, since: known.cursor, ends: state.chain || null },
      ...{ cursor: later(known.cursor, backlog.cursor), at: orderedPosition(backlog.at) },
      ...{ tags: backlog.tags, lifeMs: LIFE_MS },
    });
    if (marked === 'marked') Object.assign(state, { joined: { id: known.id, marks: 0 }, chain });
    else if (marked === 'full') state.replace = true;
  };

  const report = async (tenant: string, state: State, joined: { id: string; marks: number }): Promise<void> => {
    const { chain, look, gathered } = state;
    state.sending = gathered;
    state.gathered = new Map();
    const marked =
      gathered.size > MOST_TAGS
        ? 'full'
        : await store.mark(keyOf(tenant), {
            ...{ id: joined.id, chain, after: joined.marks, since: '', ends: null },
            ...{ cursor: look.cursor, at: orderedPosition(look.at), tags: gathered, lifeMs: LIFE_MS },
          });
    if (state.joined !== joined) return;
    state.joined = marked === 'marked' ? { ...joined, marks: joined.marks + 1 } : null;
    state.replace = marked === 'full';
    state.marked = { cursor: look.cursor, atMs: nowMs() };
  };

  const hasNews = ({ joined, gathered, look, marked }: State): boolean =>
    joined === null || gathered.size > 0 || look.cursor !== marked.cursor || nowMs() - marked.atMs > REFRESH_MS;

  const run = async (tenant: string, state: State): Promise<void> => {
    if (state.busy || !hasNews(state)) return;
    state.busy = true;
    const { look, joined } = state;
    try {
      await (joined ? report(tenant, state, joined) : join(tenant, state));
    } catch (error) {
      // Whether the store has got it can't be known: the next look joins anew.
      state.joined = null;
      onFault(error);
    } finally {
      state.sending = new Map();
      state.busy = false;
    }
    // What was told meanwhile does not wait for the next look.
    if (state.joined && state.look !== look && states.peek(tenant) === state) await run(tenant, state);
  };

  const newState = (look: State['look']): State => ({
    ...{ joined: null, chain: '', busy: false, replace: false, look },
    ...{ gathered: new Map(), sending: new Map(), marked: { cursor: '', atMs: 0 } },
  });

  return {
    begun: (tenant) => void states.delete(tenant),
    told(tenant, tags) {
      const gathered = states.peek(tenant)?.gathered;
      for (const [tag, event] of tags) gathered?.set(tag, event);
    },
    looked(tenant, cursor, at) {
      const state = states.get(tenant) ?? newState({ cursor, at });
      states.set(tenant, state);
      if (state.look.at.timeline !== at.timeline) Object.assign(state, { joined: null, replace: true });
      state.look = { cursor, at };
      void run(tenant, state);
    },
    joined: (tenant) => states.peek(tenant)?.joined?.id ?? null,
    isPending(tenant, tags) {
      const state = states.peek(tenant);
      return state !== undefined && tags.some((tag) => state.gathered.has(tag) || state.sending.has(tag));
    },
    lost(tenant) {
      const state = states.peek(tenant);
      if (state) state.joined = null;
    },
    distrust() {
      trusted = new Set();
      states.clear();
    },
  };
};
