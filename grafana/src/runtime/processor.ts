import type { Section } from '../build/layout.ts';
import { of, ofProcess, rate } from '../build/queries.ts';
import { series } from '../build/series.ts';

/** Event loop and processors. */
export const processor: Section = {
  title: 'Event loop and processors',
  lines: [
    [
      series({
        title: 'Event loop late',
        description: 'By how much 1 of 100 timers was late since the last scrape.',
        unit: 's',
        alerts: ['eventLoopStalled'],
        queries: [[of('innkeeper_event_loop_lag_seconds', 'quantile="0.99"'), '{{instance}}']],
      }),
      series({
        title: 'Event loop late, at most',
        description: 'By how much the latest timer was late since the last scrape.',
        unit: 's',
        queries: [[of('innkeeper_event_loop_lag_seconds', 'quantile="1"'), '{{instance}}']],
      }),
      series({
        title: 'Event loop busy',
        description: 'Share of the time in which the event loop was busy.',
        unit: 'percentunit',
        max: 1,
        queries: [[of('innkeeper_event_loop_utilization_ratio'), '{{instance}}']],
      }),
    ],
    [
      series({
        title: 'Processors used',
        description: 'Processors that the process keeps busy, with how many its container may use.',
        unit: 'none',
        decimals: 2,
        queries: [
          [ofProcess('process_cpu_seconds_total', (selector) => `rate(${selector}[$__rate_interval])`), '{{instance}}'],
          [`min(${of('innkeeper_cpu_limit_cores')})`, 'limit'],
        ],
      }),
      series({
        title: 'Throttled',
        description: 'Share of the periods in which the container was stopped because it had used its processors.',
        unit: 'percentunit',
        max: 1,
        alerts: ['cpuThrottled'],
        queries: [
          [
            `${rate('innkeeper_cpu_throttled_periods_total')} / (${rate('innkeeper_cpu_periods_total')} > 0)`,
            '{{instance}}',
          ],
        ],
      }),
    ],
  ],
};
