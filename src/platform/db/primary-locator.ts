import { setTimeout as delay } from 'node:timers/promises';
import { askHosts } from './ask-hosts.ts';
import { createLatestTimeline } from './latest-timeline.ts';

/** What a host says of itself. */
export interface HostState {
  /** It takes writes. */
  leads: boolean;
  timeline: string;
}

/** Whether a host is the primary for certain, was replaced, or may have been by one that was not heard. */
export type Standing = 'primary' | 'replaced' | 'unsure';

/** Knows which of several hosts is the primary, for all connections of a process. */
export interface PrimaryLocator {
  /** The host to connect to. Looks for it where that is not known or doubted; rejects when none takes writes now. */
  locate(): Promise<string>;
  /** Says that the host may be the primary no more, or that whichever is known may not be: it is looked for anew. */
  doubt(host?: string): void;
  /** Waits for all hosts to say whether another one has become the primary unnoticed; until it is found the one that is known stays. */
  review(): Promise<void>;
  /**
   * Where the host stands, certain for a second after all hosts have said it. Asks them anew at intervals only, however often
   * it is called, and keeps nobody else waiting. Never rejects.
   */
  standingOf(host: string): Promise<Standing>;
  /** Calls back when another host has become the primary, with its name. Answers how to stop. */
  onMoved(listener: (host: string) => void): () => void;
}

export interface LocatorOptions {
  hosts: readonly string[];
  /** Rejects when the host does not answer in time. */
  ask: (host: string) => Promise<HostState>;
  nowMs: () => number;
  /** Waits for so many milliseconds. */
  pause?: (ms: number) => Promise<unknown>;
}

/** How long the others may still answer once one has said that it leads: it may have been replaced without noticing. */
const OTHERS_MAY_ANSWER_MS = 200;
/** Between two looks at the least, doubled with each that finds nothing. */
const GAP_MS = 100;
const LONGEST_GAP_MS = 1_000;
const FRESH_MS = 1_000;
/** Between two reviews that callers cause. */
const REVIEW_GAP_MS = 1_000;

const unref = (ms: number) => delay(ms, undefined, { ref: false });

const noPrimary = () => Object.assign(new Error('no host takes writes now'), { code: '08006' });

export const createPrimaryLocator = ({ hosts, ask, nowMs, pause = unref }: LocatorOptions): PrimaryLocator => {
  const listeners = new Set<(host: string) => void>();
  let current: string | null = null;
  let doubted = true;
  const timeline = createLatestTimeline();
  let looking: Promise<string> | null = null;
  let reviewing: Promise<void> | null = null;
  let nextReviewAt = Number.NEGATIVE_INFINITY;
  let failure: { error: unknown; inARow: number } | null = null;
  let nextLookAt = Number.NEGATIVE_INFINITY;
  let knewAllAt = Number.NEGATIVE_INFINITY;

  /** Asks the hosts, all of them also when one that leads has answered and none was heard of that may have replaced it. */
  const find = async (waitsForAll: boolean): Promise<string> => {
    const { answers, errors } = await askHosts({
      ...{ hosts, ask },
      // Where no timeline is known yet, none can be told to have been replaced.
      isEnough: (state) => !waitsForAll && state.leads && timeline.value !== '' && state.timeline >= timeline.value,
      moment: () => pause(OTHERS_MAY_ANSWER_MS),
      onLate(state) {
        if (!timeline.raise(state.timeline)) return;
        if (looking) looking.then(again, again);
        else doubt();
      },
    });
    const areAll = answers.size === hosts.length;
    if (areAll) knewAllAt = nowMs();
    timeline.heard([...answers.values()], areAll);
    const leads = (host: string | null) => {
      const state = host === null ? undefined : answers.get(host);
      return state?.leads === true && state.timeline === timeline.value;
    };
    const found = leads(current) ? current : hosts.find(leads);
    if (found) return found;
    throw answers.size === 0 ? errors[0] : noPrimary();
  };

  const moveTo = (host: string): void => {
    const isOther = current !== null && current !== host;
    current = host;
    if (isOther) for (const listener of [...listeners]) listener(host);
  };

  const look = async (): Promise<string> => {
    const early = nextLookAt - nowMs();
    if (early > 0) await pause(early);
    doubted = false;
    try {
      const host = await find(false);
      failure = null;
      moveTo(host);
      return host;
    } catch (error) {
      doubted = true;
      failure = { error, inARow: (failure?.inARow ?? 0) + 1 };
      throw error;
    } finally {
      nextLookAt = nowMs() + Math.min(LONGEST_GAP_MS, GAP_MS * 2 ** Math.min(10, failure?.inARow ?? 0));
      looking = null;
    }
  };

  const locate = async (): Promise<string> => {
    if (looking) return looking;
    if (!doubted && current !== null) return current;
    // Nobody waits for a pause after a failure.
    if (failure && nowMs() < nextLookAt) throw failure.error;
    looking = look();
    return looking;
  };

  const doubt = (host: string | null = current): void => {
    if (host !== current) return;
    doubted = true;
    locate().catch(() => {});
  };

  const again = () => doubt();

  const review = async (): Promise<void> => {
    const before = timeline.value;
    try {
      moveTo(await find(true));
    } catch {
      // One that has replaced the primary is on its way.
      if (timeline.value > before) doubt();
    } finally {
      nextReviewAt = nowMs() + REVIEW_GAP_MS;
      reviewing = null;
    }
  };
  const reviewOnce = (): Promise<void> => {
    reviewing ??= review();
    return reviewing;
  };

  const knowsAll = () => nowMs() - knewAllAt < FRESH_MS;

  return {
    locate,
    doubt: (host) => doubt(host),
    review: reviewOnce,
    async standingOf(host) {
      if (!knowsAll() && (reviewing || nowMs() >= nextReviewAt)) await reviewOnce();
      await looking?.catch(() => {});
      if (host !== current) return 'replaced';
      return knowsAll() && !doubted ? 'primary' : 'unsure';
    },
    onMoved(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
