import type { FinishedCall } from '../listeners.ts';
import { boundedSeries, OTHER } from './bounded-series.ts';
import { type DurationSeries, Durations, newDurations, observe } from './durations.ts';
import { readCounter } from './read-counter.ts';
import type { Registers } from './registers.ts';

/** The thresholds of the objectives are among them: 0.5 s for queries, 1 s for mutations, 3 s for reports. */
const SECONDS = [0.005, 0.025, 0.1, 0.2, 0.5, 1, 3, 10];

const MOST_HISTOGRAMS = 130;
const MOST_COUNTERS = 600;
/** What a caller did too often says nothing of how well it was answered. */
const LEFT_OUT = 'RATE_LIMITED';

interface Counted {
  readonly labels: Record<string, string>;
  calls: number;
}

/** How many calls there were, how they ended and how long they took; what fails is ours (5xx), refusals are answers. */
export const requestMetrics = (registers: Registers) => {
  const durations = boundedSeries<DurationSeries>({
    most: MOST_HISTOGRAMS,
    make: (procedure, kind, outcome) => newDurations({ procedure, kind, outcome }, SECONDS),
    others: (_procedure, kind, outcome) => [OTHER, kind, outcome],
  });
  const calls = boundedSeries<Counted>({
    most: MOST_COUNTERS,
    make: (procedure, code, cache) => ({ labels: { procedure, code, cache }, calls: 0 }),
    others: (_procedure, _code, cache) => [OTHER, OTHER, cache],
  });
  new Durations(
    {
      name: 'innkeeper_request_duration_seconds',
      help: 'Time that calls of procedures took. Refusals of what was asked count as ok; calls beyond a rate limit are left out.',
      labelNames: ['procedure', 'kind', 'outcome'],
      buckets: SECONDS,
      registers,
    },
    () => durations.all,
  );
  readCounter(
    registers,
    {
      name: 'innkeeper_requests_total',
      help: 'Calls of procedures, by the code that they were answered with (OK or an error code) and by what the cache had for them.',
      labelNames: ['procedure', 'code', 'cache'],
    },
    (count) => {
      for (const { labels, calls: total } of calls.all) count(labels, total);
    },
  );

  return ({ procedure, kind, code, failed, cache, milliseconds, traceId }: FinishedCall): void => {
    calls.of(procedure, code, cache).calls += 1;
    if (code === LEFT_OUT) return;
    observe(durations.of(procedure, kind, failed ? 'error' : 'ok'), SECONDS, milliseconds / 1_000, traceId);
  };
};
