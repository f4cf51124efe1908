import { alerts } from '../alerts.ts';
import { colors } from '../build/colors.ts';
import type { Section } from '../build/layout.ts';
import { of, quantile, rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';
import { type Column, table } from '../build/table.ts';
import { COUNT, DURATION } from './requests.ts';

const top = (expr: string) => `topk(10, ${expr})`;
const errors = (count: string, failed: string) => `${sum(failed, 'procedure')} / ${sum(count, 'procedure')}`;
const overRange = (...matchers: string[]) => `rate(${of(COUNT, ...matchers)}[$__range])`;
const quantileOverRange = (q: number) =>
  `histogram_quantile(${q}, ${sum(`rate(${of(`${DURATION}_bucket`)}[$__range])`, 'le', 'procedure')})`;

const columns: Column[] = [
  { title: 'Rate', expr: `${sum(overRange(), 'procedure')} > 0`, unit: 'reqps', decimals: 2 },
  {
    title: 'Errors',
    expr: errors(overRange(), overRange('outcome="error"')),
    unit: 'percentunit',
    decimals: 2,
    thresholds: [
      { value: null, color: colors.good },
      { value: alerts.errors.line, color: colors.bad },
    ],
  },
  { title: 'p50', expr: quantileOverRange(0.5), unit: 's' },
  { title: 'p95', expr: quantileOverRange(0.95), unit: 's' },
  { title: 'p99', expr: quantileOverRange(0.99), unit: 's' },
];

/** Rate, errors and duration by procedure. */
export const procedures: Section = {
  title: 'Procedures',
  lines: [
    [
      table({
        title: 'Procedures in the chosen time',
        description: 'Each procedure that was called: rate, share of faults, and times. A click on a title sorts.',
        row: { label: 'procedure', title: 'Procedure' },
        columns,
        sortedBy: 'Rate',
      }),
    ],
    [
      series({
        title: 'Most called',
        description: 'The ten procedures that were called most at each moment.',
        unit: 'reqps',
        queries: [[top(sum(rate(COUNT), 'procedure')), '{{procedure}}']],
      }),
      series({
        title: 'Most errors',
        description: 'The ten procedures with the largest share of faults at each moment.',
        unit: 'percentunit',
        alerts: ['errors'],
        queries: [[top(errors(rate(COUNT), rate(COUNT, 'outcome="error"'))), '{{procedure}}']],
      }),
      series({
        title: 'Slowest',
        description: 'The ten procedures with the longest p95 at each moment. Dots lead to traces.',
        unit: 's',
        exemplars: true,
        queries: [[top(quantile(0.95, DURATION, ['procedure'])), '{{procedure}}']],
      }),
    ],
  ],
};
