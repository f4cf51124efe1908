import { setTimeout as delay } from 'node:timers/promises';
import type { ConsistencyToken } from '../../../kernel/consistency-token.ts';
import { reaches } from '../../../kernel/consistency-token.ts';
import { daysBetween } from '../../../kernel/dates.ts';
import { type BuildOptions, type BuiltIndex, buildIndex } from './build.ts';
import type { Standing } from './follow.ts';
import type { IndexContent } from './index-content.ts';

export interface TenantIndexOptions extends Omit<BuildOptions, 'signal'> {
  /** Without a look for so long, it is not asked. */
  maxLagMs: number;
  /** Runs a build when it is its turn among those of all tenants. */
  inTurn<T>(build: () => Promise<T>): Promise<T>;
  onFault: (error: unknown) => void;
}

/** One tenant's index: built, then kept in step until it is stopped or grows beyond what it may have. */
export interface TenantIndex {
  readonly bytes: number;
  /** How long ago it was last known to be complete, in milliseconds; 0 while nobody asks it, or while it is built. */
  readonly lagMs: number;
  /** True once it is over because it was more than the tenant may have. */
  readonly isTooLarge: boolean;
  /** What can be searched now at the earliest position that the token allows; waits a few milliseconds where a look may help; null where it can't. */
  inStep(token: ConsistencyToken | null, nowMs: number): Promise<{ content: IndexContent; standing: Standing } | null>;
  /** Looks at once. */
  wake(): void;
  stop(): Promise<void>;
}

/** How long a search waits for what its caller has seen. */
const PATIENCE_MS = 8;
/** Between two looks, so that one serves many commits. */
const GAP_MS = 3;
const PAUSE_AFTER_FAULT_MS = 1_000;
/** Looks within the longest lag: one that a busy server answers late must not send all searches to the database. */
const LOOKS_A_LAG = 4;
/** While nobody asks, it looks when it is woken and now and then. */
const IDLE_AFTER_MS = 5_000;
const IDLE_LOOK_MS = 30_000;
/** How often room types are read anew whose nights are opened without an event. */
const OPENINGS_MS = 60_000;
const MOST_OPENINGS = 200;
/** The window moves on by building anew; by then it must still hold a stay of a year. */
const MOST_DAYS_BEHIND = 14;
/** Without a look for longer than that, events may have been deleted meanwhile. */
const MOST_ABSENCE_MS = 3_600_000;

export const createTenantIndex = (options: TenantIndexOptions): TenantIndex => {
  const { clock, maxLagMs, onFault } = options;
  const stopping = new AbortController();
  let content: IndexContent | null = null;
  let standing: Standing | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let openingsAt = 0;
  let askedAt = performance.now();
  let isTooLarge = false;
  /** Somebody asked for the very place where the log stood at the last look. */
  let askedWhereItStands = false;
  let bell = new AbortController();
  let isFailing = false;
  /** When the look under way began. */
  let lookingSince: number | null = null;
  /** Searches that wait for the next look. */
  const waiting = new Set<() => void>();

  const tellWaiting = (): void => {
    for (const go of waiting) go();
  };

  const nextLook = (mostMs: number): Promise<void> =>
    new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, mostMs).unref();
      waiting.add(go);
    });

  const pause = async (ms: number): Promise<void> => {
    const signal = AbortSignal.any([bell.signal, stopping.signal]);
    await delay(Math.max(0, ms), undefined, { signal, ref: false }).catch(() => {});
    await delay(GAP_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    bell = new AbortController();
  };

  /** Whoever rings meanwhile would only have it fail more often. */
  const pauseAfterFault = async (): Promise<void> => {
    await delay(PAUSE_AFTER_FAULT_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    bell = new AbortController();
  };

  const openings = (of: IndexContent): string[] => {
    if (performance.now() - openingsAt < OPENINGS_MS) return [];
    openingsAt = performance.now();
    return of.openedNights.roomTypeIds.slice(0, MOST_OPENINGS);
  };

  const isWorn = ({ content: of, timeline }: BuiltIndex, now: Standing): boolean =>
    [now.includes, now.seen].some((position) => position.timeline !== timeline) ||
    daysBetween(of.window.first, clock.nowIso().slice(0, 10)) > MOST_DAYS_BEHIND ||
    performance.now() - lookedAt > MOST_ABSENCE_MS;

  /** Builds the index and keeps it in step until it has to be built anew. */
  const live = async (): Promise<void> => {
    standing = null;
    const built = await options.inTurn(() => buildIndex({ ...options, signal: stopping.signal }));
    if (!built) {
      isTooLarge = true;
      return;
    }
    lookedAt = openingsAt = performance.now();
    isFailing = false;
    while (!stopping.signal.aborted) {
      const beganAt = performance.now();
      lookingSince = beganAt;
      const isQuiet = askedWhereItStands;
      askedWhereItStands = false;
      const now = await built.look(openings(built.content), isQuiet).catch((error: unknown) => {
        if (!isFailing) onFault(error);
        return null;
      });
      isFailing = now === null;
      lookingSince = null;
      if (!now) {
        tellWaiting();
        await pauseAfterFault();
        continue;
      }
      if (isWorn(built, now)) return;
      isTooLarge = !options.fits(built.content.bytes);
      if (isTooLarge) return;
      content = built.content;
      standing = now;
      lookedAt = beganAt;
      tellWaiting();
      const isIdle = performance.now() - askedAt > IDLE_AFTER_MS;
      await pause(Math.min(isIdle ? IDLE_LOOK_MS : maxLagMs / LOOKS_A_LAG, content.holdEnds.value - clock.nowMs()));
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted && !isTooLarge) {
      try {
        await live();
      } catch (error) {
        if (!stopping.signal.aborted) onFault(error);
        await pauseAfterFault();
      }
      content = null;
      tellWaiting();
    }
  };

  const now = (token: ConsistencyToken | null, nowMs: number) =>
    content &&
    standing &&
    performance.now() - lookedAt <= maxLagMs &&
    reaches(standing.includes, token) &&
    content.holdEnds.value > nowMs
      ? { content, standing }
      : null;
  /** True while waiting for a look is in vain: the last one failed, or the one under way takes too long. */
  const isOutOfTouch = (): boolean =>
    isFailing || (lookingSince !== null && performance.now() - lookingSince > maxLagMs);
  const wake = () => bell.abort();
  const running = run();

  return {
    get bytes() {
      return content?.bytes ?? 0;
    },
    get lagMs() {
      const now = performance.now();
      return content && now - askedAt <= IDLE_AFTER_MS ? now - lookedAt : 0;
    },
    get isTooLarge() {
      return isTooLarge;
    },
    wake,
    async inStep(token, nowMs) {
      askedAt = performance.now();
      const deadline = askedAt + PATIENCE_MS;
      for (;;) {
        const ready = now(token, nowMs);
        const leftMs = deadline - performance.now();
        if (ready || !content || leftMs <= 0 || isOutOfTouch()) return ready;
        askedWhereItStands ||= standing !== null && reaches(standing.stoodAt, token);
        wake();
        await nextLook(leftMs);
      }
    },
    async stop() {
      stopping.abort();
      await running;
      content = null;
    },
  };
};
