import { LRUCache } from 'lru-cache';
import type { ConsistencyToken } from '../../../kernel/consistency-token.ts';
import type { Histories, HistoriesOptions, Joined, Written } from './history-parts.ts';
import { orderedPosition } from './ordered-position.ts';

interface State {
  joined: Joined | null;
  /** The last one that was joined by. */
  chain: string;
  busy: boolean;
  /** A history that was joined must not go on. */
  replace: boolean;
  gathered: Map<string, string | null>;
  sending: Written;
  look: { cursor: string; at: ConsistencyToken };
  marked: { cursor: string; atMs: number };
}

const MOST_TENANTS = 5_000;
/** Longer than any answer that is asked for again, shorter than events are kept. */
const LIFE_MS = 24 * 3_600_000;
/** After a failure nothing is joined for so long: to join takes a read of the database. */
const PAUSE_MS = 250;
/** How often a history without news is kept alive. */
const REFRESH_MS = 60_000;
/** More tags at once make a new history. */
const MOST_TAGS = 5_000;

const later = (a: string, b: string): string => (a > b ? a : b);

/** Joins, keeps and begins histories, one step at a time for each tenant, whenever its follower has looked. */
export const createHistories = (options: HistoriesOptions): Histories => {
  const { store, keyOf, newId, nowMs, readBacklog } = options;
  const states = new LRUCache<string, State>({ max: MOST_TENANTS });
  /** Once something was distrusted: the tenants whose histories began after that. */
  let trusted: Set<string> | null = null;
  let joinsFrom = Number.NEGATIVE_INFINITY;

  /** All processes mark a write alike, so that it counts once. Several at once may have been told in another order elsewhere. */
  const marksOf = (tags: Written) => new Map([...tags].map(([tag, event]) => [tag, event ?? newId()]));

  const joins = (state: State, look: State['look'], id: string, chain: string): void => {
    // Nobody says which writes of the timeline before are lost.
    if (state.look.at.timeline !== look.at.timeline) return;
    Object.assign(state, { joined: { id, chain, marks: 0 }, chain, replace: false });
  };

  const beginAnew = async (tenant: string, state: State, look: State['look'], replaces: string | null) => {
    const id = newId();
    const chain = newId();
    const trustedNow = trusted;
    const history = { id, chain, replaces, cursor: look.cursor, at: orderedPosition(look.at), lifeMs: LIFE_MS };
    if (!(await store.begin(keyOf(tenant), history))) return;
    trustedNow?.add(tenant);
    joins(state, look, id, chain);
  };

  /** Makes a history hold what it lacks, or begins one. */
  const join = async (tenant: string, state: State): Promise<void> => {
    const { look } = state;
    // What was told so far was committed before `look.at`, and so is found in the backlog.
    state.gathered = new Map();
    const trusts = !state.replace && (trusted === null || trusted.has(tenant));
    const known = await store.history(keyOf(tenant));
    const backlog =
      known && trusts && known.at.startsWith(look.at.timeline) ? await readBacklog(tenant, known.cursor) : null;
    // A history ahead of the log is of another log: the database went back.
    const fits = known && backlog && backlog.tags.size <= MOST_TAGS && orderedPosition(backlog.at) >= known.at;
    if (!fits) return await beginAnew(tenant, state, look, known?.id ?? null);
    const chain = newId();
    const marked = await store.mark(keyOf(tenant), {
      ...{ id: known.id, chain, after: null, since: known.cursor, ends: state.chain || null },
      ...{ cursor: later(known.cursor, backlog.cursor), at: orderedPosition(backlog.at) },
      ...{ tags: marksOf(backlog.tags), lifeMs: LIFE_MS },
    });
    if (marked === 'marked') joins(state, look, known.id, chain);
    else if (marked === 'full') state.replace = true;
  };

  const report = async (tenant: string, state: State, joined: Joined): Promise<void> => {
    const { look, gathered } = state;
    state.sending = gathered;
    state.gathered = new Map();
    const marked =
      gathered.size > MOST_TAGS
        ? 'full'
        : await store.mark(keyOf(tenant), {
            ...{ id: joined.id, chain: joined.chain, after: joined.marks, since: '', ends: null },
            ...{ cursor: look.cursor, at: orderedPosition(look.at), tags: marksOf(gathered), lifeMs: LIFE_MS },
          });
    if (state.joined !== joined) return;
    state.joined = marked === 'marked' ? { ...joined, marks: joined.marks + 1 } : null;
    state.replace = marked === 'full';
    state.marked = { cursor: look.cursor, atMs: nowMs() };
  };

  const hasNews = ({ joined, gathered, look, marked }: State): boolean =>
    joined === null || gathered.size > 0 || look.cursor !== marked.cursor || nowMs() - marked.atMs > REFRESH_MS;

  const run = async (tenant: string, state: State): Promise<void> => {
    if (state.busy || !hasNews(state) || (!state.joined && nowMs() < joinsFrom)) return;
    state.busy = true;
    const { look, joined } = state;
    try {
      await (joined ? report(tenant, state, joined) : join(tenant, state));
    } catch {
      // Whether the store has got it can't be known: the next look joins anew.
      state.joined = null;
      joinsFrom = nowMs() + PAUSE_MS;
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
      for (const [tag, event] of tags) gathered?.set(tag, gathered.has(tag) ? null : event);
    },
    looked(tenant, cursor, at) {
      const state = states.get(tenant) ?? newState({ cursor, at });
      states.set(tenant, state);
      if (state.look.at.timeline !== at.timeline) Object.assign(state, { joined: null, replace: true });
      state.look = { cursor, at };
      void run(tenant, state);
    },
    joined: (tenant) => states.peek(tenant)?.joined ?? null,
    isPending(tenant, tags) {
      const state = states.peek(tenant);
      return state !== undefined && tags.some((tag) => state.gathered.has(tag) || state.sending.has(tag));
    },
    lost(tenant, { chain }) {
      const state = states.peek(tenant);
      if (state?.joined?.chain === chain) state.joined = null;
    },
    distrust() {
      trusted = new Set();
      states.clear();
    },
  };
};
