import { BUCKETS, type Scrape, type Scrapes } from './scrapes.ts';

/** What prometheus/rules/scaling.yaml records; null where it records nothing. */
export interface Recorded {
  latency: number | null;
  databaseSlow: boolean;
  inFlight: number | null;
  eventLoop: number | null;
}

const RATE_SECONDS = 60;
const HELD_SECONDS = 120;
const LOOKS_SECONDS = 30;
/** `databaseSlowSeconds` of the rules. */
const SLOW_STATEMENT_SECONDS = 0.025;
const QUANTILE = 0.95;
const LEAST_CALLS_A_SECOND = 20 / 60;

/** As histogram_quantile does it: along a straight line within the bucket. */
export const quantileOf = (counts: readonly number[], quantile: number): number => {
  const all = counts.at(-1) ?? 0;
  const rank = quantile * all;
  const index = counts.findIndex((count) => count >= rank);
  const [low, high] = [BUCKETS[index - 1] ?? 0, BUCKETS[index] ?? Number.NaN];
  if (all === 0 || index < 0) return Number.NaN;
  if (high === Number.POSITIVE_INFINITY) return low;
  const [below, within] = [counts[index - 1] ?? 0, counts[index] ?? 0];
  return low + ((high - low) * (rank - below)) / Math.max(within - below, Number.MIN_VALUE);
};

const latencyOf = (first: Scrape, last: Scrape): number | null => {
  const seconds = last.at - first.at;
  const counts = last.answered.map((count, index) => count - (first.answered[index] ?? 0));
  if ((counts.at(-1) ?? 0) >= LEAST_CALLS_A_SECOND * seconds) return quantileOf(counts, QUANTILE);
  return last.refused - first.refused >= LEAST_CALLS_A_SECOND * seconds ? null : 0;
};

/** What is recorded from one evaluation to the next. */
export const createRecorder = (scrapes: Scrapes) => {
  let slow: { at: number; now: boolean }[] = [];
  let looks: { at: number; inFlight: number }[] = [];
  return {
    evaluate(at: number): Recorded {
      const minute = scrapes.since(RATE_SECONDS, at);
      const [first, last, before] = [minute[0], minute.at(-1), minute.at(-2)];
      if (!first || !last || !before) return { latency: null, databaseSlow: false, inFlight: null, eventLoop: null };
      const statements = last.statements - before.statements;
      const mean = (last.statementSeconds - before.statementSeconds) / statements;
      slow = [...slow.filter((one) => one.at > at - HELD_SECONDS), { at, now: mean > SLOW_STATEMENT_SECONDS }];
      looks = [...looks.filter((one) => one.at > at - LOOKS_SECONDS), { at, inFlight: last.inFlight }];
      return {
        latency: latencyOf(first, last),
        databaseSlow: slow.some(({ now }) => now),
        inFlight: Math.min(...looks.map(({ inFlight }) => inFlight)),
        eventLoop: last.eventLoop,
      };
    },
  };
};
