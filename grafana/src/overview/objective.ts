import type { Section } from '../build/layout.ts';
import { series } from '../build/series.ts';
import { stat } from '../build/stat.ts';
import { budgetLeft, burnRate, goodShare } from '../service-level.ts';

/** How well the objective is kept, and how fast its budget is spent. */
export const objective: Section = {
  title: 'Objective: 99.9 % of requests are good',
  lines: [
    [
      stat({
        title: 'Good requests',
        description:
          'Share in the chosen time that were answered right and in time: queries within 0.5 s, mutations 1 s, reports 3 s. Refusals are good, calls beyond a rate limit are left out.',
        unit: 'percentunit',
        decimals: 3,
        expr: goodShare('$__range'),
        course: false,
      }),
      stat({
        title: 'Error budget left',
        description:
          'What is left of the one bad request in a thousand that 30 days may have; below nothing, the objective is missed. Where Prometheus keeps less than 30 days, this is about what it keeps.',
        unit: 'percentunit',
        decimals: 1,
        expr: budgetLeft(),
        course: false,
      }),
    ],
    [
      series({
        title: 'Burn rate, to be woken for',
        description:
          'How many times faster than allowed the budget is spent. The alert fires while two windows are beyond its line: 1 h and 5 min beyond 14.4, or 6 h and 30 min beyond 6.',
        unit: 'none',
        decimals: 1,
        alerts: ['burnInHours', 'burnInDay'],
        queries: [
          [burnRate('5m'), '5 min'],
          [burnRate('1h'), '1 h'],
          [burnRate('30m'), '30 min'],
          [burnRate('6h'), '6 h'],
        ],
      }),
      series({
        title: 'Burn rate, for working hours',
        description: 'The same over longer windows: 1 day and 2 h beyond 3, or 3 days and 6 h beyond 1.',
        unit: 'none',
        decimals: 1,
        alerts: ['burnInDays', 'burnAtAll'],
        queries: [
          [burnRate('2h'), '2 h'],
          [burnRate('1d'), '1 d'],
          [burnRate('6h'), '6 h'],
          [burnRate('3d'), '3 d'],
        ],
      }),
    ],
  ],
};
