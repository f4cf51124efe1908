import { Histogram, type Metric, Registry } from 'prom-client';
import { vi } from 'vitest';
import { createMetrics } from '../../src/platform/telemetry/metrics/index.ts';

/** Labels that Prometheus gives to what it scrapes; `pod` is there on Kubernetes. */
export const TARGET_LABELS = ['job', 'instance', 'namespace', 'pod'];

const seriesOf = (metric: Metric): [name: string, labels: string[]][] => {
  const { name, labelNames } = metric as unknown as { name: string; labelNames: string[] };
  if (!(metric instanceof Histogram)) return [[name, labelNames]];
  return [
    [`${name}_bucket`, [...labelNames, 'le']],
    [`${name}_sum`, labelNames],
    [`${name}_count`, labelNames],
  ];
};

/** Each series that a process can expose, by name, with its labels; nothing has to happen first to see it. */
export const exposedMetrics = (): Map<string, string[]> => {
  const registered = vi.spyOn(Registry.prototype, 'registerMetric');
  const nothing = { pools: () => [], replicas: () => [], cache: () => null, index: () => null };
  const { stop } = createMetrics(
    { ...nothing, usesRedis: true, work: () => [], counts: () => null },
    { version: '0.0.0' },
  );
  stop();
  const metrics = registered.mock.calls.map(([metric]) => metric as Metric);
  registered.mockRestore();
  return new Map(metrics.flatMap(seriesOf));
};
