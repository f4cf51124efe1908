/** What a metric says and should say. `value` is null, or no number, where nobody answers. */
export type Metric =
  | { type: 'Value' | 'AverageValue'; value: number | null; target: number }
  /** In percent, of what each ready pod uses of its request; null for one that is not known. */
  | { type: 'Utilization'; pods: readonly (number | null)[]; target: number };

export interface Pods {
  /** As the Deployment's status counts them. */
  replicas: number;
  ready: number;
}

/** A ratio so close to 1 changes nothing. */
export const TOLERANCE = 0.1;

const isWithin = (ratio: number): boolean => ratio >= 1 - TOLERANCE && ratio <= 1 + TOLERANCE;

/** External metrics come in thousandths. */
const inThousandths = (value: number): number => Math.trunc(value * 1_000);

const byValue = (value: number, target: number, { replicas, ready }: Pods): number => {
  const ratio = inThousandths(value) / inThousandths(target);
  return isWithin(ratio) ? replicas : Math.ceil(ratio * ready);
};

const byTotal = (total: number, target: number, { replicas }: Pods): number => {
  const ratio = inThousandths(total) / (inThousandths(target) * replicas);
  return isWithin(ratio) ? replicas : Math.ceil(inThousandths(total) / inThousandths(target));
};

/** The mean comes in whole percent. */
const ratioOf = (percent: readonly number[], target: number): number =>
  Math.trunc(percent.reduce((sum, one) => sum + one, 0) / percent.length) / target;

/** Pods that are not known are taken for idle where more would be added, and for busy where some would go. */
const byUtilization = (pods: readonly (number | null)[], target: number, { replicas, ready }: Pods): number | null => {
  const known = pods.filter((use) => use !== null);
  if (known.length === 0) return null;
  const ratio = ratioOf(known, target);
  const missing = pods.length - known.length;
  const unready = ratio > 1 ? replicas - ready : 0;
  if (missing + unready <= 0) return isWithin(ratio) ? replicas : Math.ceil(ratio * known.length);
  const assumed = [...known, ...Array(missing).fill(ratio > 1 ? 0 : target), ...Array(Math.max(0, unready)).fill(0)];
  const cautious = ratioOf(assumed, target);
  const turns = cautious > 1 !== ratio > 1;
  return isWithin(cautious) || turns ? replicas : Math.ceil(cautious * assumed.length);
};

/** How many pods a metric wants; null where it can't be told. */
export const wantedBy = (metric: Metric, pods: Pods): number | null => {
  if (metric.type === 'Utilization') return byUtilization(metric.pods, metric.target, pods);
  const { type, value, target } = metric;
  // KEDA with ignoreNullValues "false": an answer that is no number is an error.
  if (value === null || !Number.isFinite(value)) return null;
  return type === 'Value' ? byValue(value, target, pods) : byTotal(value, target, pods);
};

/**
 * The highest of what the metrics want; null, which changes nothing, where none can be told, or where some can't and the others want
 * fewer pods than there are.
 */
export const wanted = (metrics: readonly Metric[], pods: Pods): number | null => {
  const all = metrics.map((metric) => wantedBy(metric, pods));
  const told = all.filter((one) => one !== null);
  if (told.length === 0) return null;
  const most = Math.max(...told);
  return told.length < all.length && most < pods.replicas ? null : most;
};
