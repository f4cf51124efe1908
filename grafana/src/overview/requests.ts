import type { AlertKey } from '../alerts.ts';
import type { Section, Sized } from '../build/layout.ts';
import { of, orZero, quantile, rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

export const DURATION = 'innkeeper_request_duration_seconds';
export const COUNT = `${DURATION}_count`;

/** Share of requests that failed, 0 where none did. */
export const errorShare = (): string => `${orZero(sum(rate(COUNT, 'outcome="error"')))} / ${sum(rate(COUNT))}`;

const times = (title: string, kind: string, alerts: AlertKey[]): Sized =>
  series({
    title,
    description:
      'Within this 50, 95 and 99 of 100 were answered, faults aside. Dots are single requests and lead to their traces.',
    unit: 's',
    alerts,
    exemplars: true,
    queries: [
      [quantile(0.5, DURATION, [], `kind="${kind}"`, 'outcome="ok"'), 'p50'],
      [quantile(0.95, DURATION, [], `kind="${kind}"`, 'outcome="ok"'), 'p95'],
      [quantile(0.99, DURATION, [], `kind="${kind}"`, 'outcome="ok"'), 'p99'],
    ],
  });

/** How many, how they ended, how long they took; and what was turned away. */
export const requests: Section = {
  title: 'Requests',
  lines: [
    [
      series({
        title: 'Requests by kind',
        description: 'Calls a second, without those beyond a rate limit.',
        unit: 'reqps',
        stacked: true,
        queries: [[sum(rate(COUNT), 'kind'), '{{kind}}']],
      }),
      series({
        title: 'Errors by kind',
        description: 'Share of requests that failed through a fault of ours.',
        unit: 'percentunit',
        alerts: ['errors'],
        queries: [[`${sum(rate(COUNT, 'outcome="error"'), 'kind')} / ${sum(rate(COUNT), 'kind')}`, '{{kind}}']],
      }),
      series({
        title: 'Codes of refusals and errors',
        description: 'What requests were answered with that were not OK.',
        unit: 'reqps',
        queries: [[sum(rate('innkeeper_requests_total', 'code!="OK"'), 'code'), '{{code}}']],
      }),
    ],
    [
      times('Time of queries', 'query', ['slowQueries']),
      times('Time of mutations', 'mutation', ['slowMutations']),
      times('Time of reports', 'report', ['slowReports']),
    ],
    [
      series({
        title: 'Running and waiting',
        description: 'Calls that run and those that wait for their turn, with how many may run at a time.',
        unit: 'none',
        queries: [
          [sum(of('innkeeper_requests_in_flight'), 'kind'), '{{kind}} running'],
          [sum(of('innkeeper_requests_waiting'), 'kind'), '{{kind}} waiting'],
          [sum(of('innkeeper_requests_in_flight_limit'), 'kind'), '{{kind}} may run'],
        ],
      }),
      series({
        title: 'Turned away',
        description: 'Calls shed because too much ran and waited, and calls beyond the rate limit of their caller.',
        unit: 'reqps',
        queries: [
          [sum(rate('innkeeper_requests_shed_total'), 'kind'), 'shed: {{kind}}'],
          [sum(rate('innkeeper_requests_limited_total'), 'caller'), 'limited: {{caller}}'],
        ],
      }),
      series({
        title: 'Answers by what the cache had',
        description: 'Calls by hit, old answer, miss, or none where the cache was not asked.',
        unit: 'reqps',
        stacked: true,
        queries: [[sum(rate('innkeeper_requests_total'), 'cache'), '{{cache}}']],
      }),
    ],
  ],
};
