import type { Section } from '../build/layout.ts';
import { of, orZero, quantile, rate, sum } from '../build/queries.ts';
import { stat } from '../build/stat.ts';
import { DURATION, errorShare } from './requests.ts';

/** The figures that one looks at first. */
export const now: Section = {
  title: 'Now',
  lines: [
    [
      stat({
        title: 'Requests',
        description: 'Calls of procedures a second, refused ones too.',
        unit: 'reqps',
        expr: sum(rate('innkeeper_requests_total')),
      }),
      stat({
        title: 'Errors',
        description: 'Share of requests that failed through a fault of ours. Refusals, such as sold out, are answers.',
        unit: 'percentunit',
        alerts: ['errors'],
        expr: errorShare(),
      }),
      stat({
        title: 'p95 of queries',
        description: 'Time within which 95 of 100 queries were answered.',
        unit: 's',
        alerts: ['slowQueries'],
        expr: quantile(0.95, DURATION, [], 'kind="query"', 'outcome="ok"'),
      }),
      stat({
        title: 'p95 of mutations',
        description: 'Time within which 95 of 100 mutations were answered.',
        unit: 's',
        alerts: ['slowMutations'],
        expr: quantile(0.95, DURATION, [], 'kind="mutation"', 'outcome="ok"'),
      }),
      stat({
        title: 'Processes',
        description: 'Processes that answer scrapes.',
        unit: 'none',
        alerts: ['absent', 'targetDown'],
        expr: `count(${of('innkeeper_build_info')})`,
        noValue: '0',
      }),
      stat({
        title: 'Alerts firing',
        description: 'Alerts about Innkeeper that fire, without the Watchdog, which always does.',
        unit: 'none',
        expr: orZero('count(ALERTS{alertstate="firing", service="innkeeper", alertname!="Watchdog"})'),
      }),
    ],
  ],
};
