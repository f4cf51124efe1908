import { Histogram } from 'prom-client';
import { systemClock } from '../../../kernel/clock.ts';
import type { Registers } from './registers.ts';

interface Exemplar {
  labelSet: { trace_id: string };
  value: number;
  /** Seconds since 1970. */
  timestamp: number;
}

/** What was observed with one set of labels. */
export interface DurationSeries {
  readonly labels: Readonly<Record<string, string>>;
  sum: number;
  /** Of each bucket by itself, what is beyond them last. */
  readonly counts: number[];
  /** The last of each bucket that is in a trace. */
  readonly exemplars: (Exemplar | undefined)[];
}

export interface DurationsSettings {
  name: string;
  help: string;
  labelNames: string[];
  /** Upper bounds in seconds, rising. */
  buckets: readonly number[];
  registers: Registers;
}

/**
 * A histogram whose series are held by whoever observes: the library looks a series up by a text of all its labels, each time,
 * which cost more than all else that is counted of a call.
 */
export class Durations extends Histogram {
  readonly #settings: DurationsSettings;
  readonly #series: () => readonly DurationSeries[];

  constructor(settings: DurationsSettings, series: () => readonly DurationSeries[]) {
    super({ ...settings, buckets: [...settings.buckets], enableExemplars: true });
    this.#settings = settings;
    this.#series = series;
  }

  /** What the registry writes, and what `get` is made of. */
  async getForPromString() {
    const { name, help, buckets } = this.#settings;
    const bounds = [...buckets, '+Inf'];
    const values = this.#series().flatMap(({ labels: sharedLabels, sum, counts, exemplars }) => {
      let count = 0;
      const cumulated = bounds.map((le, at) => {
        count += counts[at] ?? 0;
        return { labels: { le }, sharedLabels, value: count, metricName: `${name}_bucket`, exemplar: exemplars[at] };
      });
      return [
        ...cumulated,
        { labels: {}, sharedLabels, value: sum, metricName: `${name}_sum` },
        { labels: {}, sharedLabels, value: count, metricName: `${name}_count` },
      ];
    });
    return { name, help, type: 'histogram', values, aggregator: 'sum' };
  }
}

export const newDurations = (labels: DurationSeries['labels'], { length }: readonly number[]): DurationSeries => ({
  labels,
  sum: 0,
  counts: Array.from({ length: length + 1 }, () => 0),
  exemplars: Array.from({ length: length + 1 }, () => undefined),
});

/** `traceId` is of the trace that it happened in, where it is recorded. */
export const observe = (
  series: DurationSeries,
  buckets: readonly number[],
  seconds: number,
  traceId: string | undefined,
): void => {
  let at = 0;
  while (at < buckets.length && seconds > (buckets[at] ?? 0)) at += 1;
  series.sum += seconds;
  series.counts[at] = (series.counts[at] ?? 0) + 1;
  if (traceId === undefined) return;
  series.exemplars[at] = { labelSet: { trace_id: traceId }, value: seconds, timestamp: systemClock.nowMs() / 1_000 };
};
