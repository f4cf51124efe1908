import type { Second } from '../service/service.ts';

/** What Prometheus has of all pods after a scrape: counters, and what stood still. */
export interface Scrape {
  at: number;
  /** Calls that were answered within each bound of BUCKETS; the last is all. */
  answered: readonly number[];
  refused: number;
  statementSeconds: number;
  statements: number;
  inFlight: number;
  /** Event loops' worth of work in the last 15 seconds. */
  eventLoop: number;
}

/** Of innkeeper_request_duration_seconds. */
export const BUCKETS: readonly number[] = [0.005, 0.025, 0.1, 0.2, 0.5, 1, 3, 10, Number.POSITIVE_INFINITY];

export const SCRAPE_SECONDS = 15;

/** Counts seconds as the pods do, and scrapes them. */
export const createScrapes = () => {
  const answered = BUCKETS.map(() => 0);
  const totals = { refused: 0, statementSeconds: 0, statements: 0 };
  let loops: number[] = [];
  let inFlight = 0;
  let scrapes: Scrape[] = [];
  return {
    count(second: Second, pods: number): void {
      const each = second.served / Math.max(1, second.times.length);
      for (const time of second.times)
        for (const [index, bound] of BUCKETS.entries())
          if (time <= bound) answered[index] = (answered[index] ?? 0) + each;
      totals.refused += second.refused;
      totals.statementSeconds += second.served * second.statement;
      totals.statements += second.served;
      loops = [...loops, second.busy * pods].slice(-SCRAPE_SECONDS);
      inFlight = second.inFlight;
    },
    scrape(at: number): void {
      const eventLoop = loops.reduce((sum, busy) => sum + busy, 0) / Math.max(1, loops.length);
      scrapes = [...scrapes, { at, answered: [...answered], ...totals, inFlight, eventLoop }].slice(-12);
    },
    /** The last so many seconds' worth, oldest first. */
    since: (seconds: number, at: number): Scrape[] => scrapes.filter((scrape) => scrape.at > at - seconds),
  };
};

export type Scrapes = ReturnType<typeof createScrapes>;
