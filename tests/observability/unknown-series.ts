import { exposedMetrics, TARGET_LABELS } from './exposed-metrics.ts';
import { otherExporters } from './other-exporters.ts';
import { groupingsOf, metricsOf } from './promql.ts';
import { readRules } from './rules.ts';

/** What rules record has the labels that they group by, and those of what they select. */
const recorded = (): [name: string, labels: string[]][] =>
  readRules().flatMap(({ record, expr }) =>
    record ? [[record, groupingsOf(expr).flatMap(({ labels }) => labels)]] : [],
  );

/** All names that may stand in an expression, with their labels. */
export const knownSeries = (): Map<string, string[]> =>
  new Map([...exposedMetrics(), ...otherExporters, ...recorded()]);

/** What an expression asks for and nobody exposes: metrics, and labels that none of its metrics has. Throws if it isn't PromQL. */
export const unknownIn = (expr: string, known: ReadonlyMap<string, string[]>): string[] => {
  const has = (name: string, label: string) => TARGET_LABELS.includes(label) || known.get(name)?.includes(label);
  const selected = metricsOf(expr).flatMap(({ name, labels }) =>
    known.has(name)
      ? labels.filter((label) => !has(name, label)).map((label) => `${name}{${label}}`)
      : [name || 'a selector without a name'],
  );
  const grouped = groupingsOf(expr).flatMap(({ labels, metrics }) =>
    labels.filter((label) => !metrics.some((name) => has(name, label))).map((label) => `${metrics.join()} by ${label}`),
  );
  return [...selected, ...grouped];
};
