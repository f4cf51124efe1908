import type { MetricSample } from './parse-metrics.ts';

type Labels = Readonly<Record<string, string>>;

/** Values of one scrape, perhaps since an earlier one. */
export interface MetricSet {
  /** Null where there is no such value. */
  value(name: string, labels?: Labels): number | null;
  /** Of a counter; how much it grew since the earlier scrape, if there is one. */
  total(name: string, labels?: Labels): number;
  /** What a label has been seen to be, in order. */
  labelsOf(name: string, label: string): string[];
  /**
   * Below which value this share of a histogram's observations lies, by straight lines within its buckets as Prometheus reckons;
   * null without observations. Above the last bound it answers that.
   */
  quantile(name: string, share: number, labels?: Labels): number | null;
}

const fits = (sample: MetricSample, labels: Labels): boolean =>
  Object.entries(labels).every(([name, value]) => sample.labels[name] === value);

const byName = (samples: readonly MetricSample[]) => Map.groupBy(samples, ({ name }) => name);

const keyOf = ({ labels }: MetricSample): string => JSON.stringify(Object.entries(labels).toSorted());

/** Of a counter that went back, because the process began anew, all counts. */
const growth = (now: MetricSample, earlier: ReadonlyMap<string, number>): number => {
  const before = earlier.get(keyOf(now)) ?? 0;
  return now.value >= before ? now.value - before : now.value;
};

export const metricSet = (samples: readonly MetricSample[], earlier: readonly MetricSample[] = []): MetricSet => {
  const now = byName(samples);
  const before = byName(earlier);

  const grown = (name: string, labels: Labels) => {
    const known = new Map((before.get(name) ?? []).map((sample) => [keyOf(sample), sample.value]));
    return (now.get(name) ?? [])
      .filter((sample) => fits(sample, labels))
      .map((sample) => ({ sample, by: growth(sample, known) }));
  };

  return {
    value: (name, labels = {}) => now.get(name)?.find((sample) => fits(sample, labels))?.value ?? null,
    total: (name, labels = {}) => grown(name, labels).reduce((sum, { by }) => sum + by, 0),
    labelsOf: (name, label) => [
      ...new Set((now.get(name) ?? []).flatMap(({ labels }) => (labels[label] === undefined ? [] : [labels[label]]))),
    ],
    quantile(name, share, labels = {}) {
      const buckets = new Map<number, number>();
      for (const { sample, by } of grown(`${name}_bucket`, labels)) {
        const bound = sample.labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(sample.labels.le);
        buckets.set(bound, (buckets.get(bound) ?? 0) + by);
      }
      const sorted = [...buckets].toSorted(([a], [b]) => a - b);
      const rank = share * (sorted.at(-1)?.[1] ?? 0);
      if (rank === 0) return null;
      let [lower, below] = [0, 0];
      for (const [bound, count] of sorted) {
        if (count >= rank) {
          if (bound === Number.POSITIVE_INFINITY) return lower;
          return lower + ((bound - lower) * (rank - below)) / (count - below);
        }
        [lower, below] = [bound, count];
      }
      return lower;
    },
  };
};
