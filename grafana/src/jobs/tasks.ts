import type { Section } from '../build/layout.ts';
import { counted, max, of, quantile, rate, shareWithin, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

const RUNS = 'innkeeper_job_duration_seconds';
const failingRuns = shareWithin('30m', `${RUNS}_count`, 'outcome="error"', 'task');

/** Whether background tasks run, in time and well. */
export const tasks: Section = {
  title: 'Jobs',
  lines: [
    [
      series({
        title: 'Waiting',
        description:
          'Jobs whose time has come and that nobody has begun. Only workers tell: without them there is no line.',
        unit: 'none',
        alerts: ['workersAbsent'],
        queries: [[counted('innkeeper_jobs_waiting'), 'waiting']],
      }),
      series({
        title: 'Age of the oldest job',
        description: 'For how long the oldest of these waits.',
        unit: 's',
        alerts: ['jobsWaiting'],
        queries: [[counted('innkeeper_jobs_oldest_seconds'), 'oldest']],
      }),
      series({
        title: 'Since the last success',
        description: 'Time since a task last ran to its end in any process; when that is long depends on its schedule.',
        unit: 's',
        queries: [[`time() - ${max(of('innkeeper_job_last_success_timestamp_seconds'), 'task')}`, '{{task}}']],
      }),
    ],
    [
      series({
        title: 'Runs',
        description: 'Runs a second, by task and how they ended.',
        unit: 'ops',
        queries: [[sum(rate(`${RUNS}_count`), 'task', 'outcome'), '{{task}}: {{outcome}}']],
      }),
      series({
        title: 'Time of runs',
        description: '95 of 100 took no longer, by task.',
        unit: 's',
        queries: [[quantile(0.95, RUNS, ['task']), '{{task}}']],
      }),
      series({
        title: 'Failing runs',
        description: 'Share of the runs of half an hour that failed, by task.',
        unit: 'percentunit',
        max: 1,
        alerts: ['jobFailing'],
        queries: [[failingRuns, '{{task}}']],
      }),
      series({
        title: 'Faults',
        description: 'Faults in background work, a second, by task.',
        unit: 'cps',
        queries: [[sum(rate('innkeeper_job_faults_total'), 'task'), '{{task}}']],
      }),
    ],
  ],
};
