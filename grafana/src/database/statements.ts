import type { Section } from '../build/layout.ts';
import { quantile, rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

const STATEMENTS = 'innkeeper_statement_duration_seconds';

/** How many statements, and how slow. */
export const statements: Section = {
  title: 'Statements',
  lines: [
    [
      series({
        title: 'Statements',
        description: 'Statements a second, by where they ran.',
        unit: 'ops',
        stacked: true,
        queries: [[sum(rate(`${STATEMENTS}_count`), 'target'), '{{target}}']],
      }),
      series({
        title: 'Time of statements',
        description: '99 of 100 took no longer, by where they ran. The longest bucket ends at 2 s.',
        unit: 's',
        queries: [[quantile(0.99, STATEMENTS, ['target']), '{{target}}']],
      }),
      series({
        title: 'Slow statements',
        description: 'Statements of more than 2 s, a second. The log has them, with a plan.',
        unit: 'ops',
        alerts: ['slowStatements'],
        queries: [
          [
            `${sum(rate(`${STATEMENTS}_count`), 'target')} - ${sum(rate(`${STATEMENTS}_bucket`, 'le=~"2|2[.]0"'), 'target')}`,
            '{{target}}',
          ],
        ],
      }),
    ],
  ],
};
