import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registers } from './registers.ts';

const JOB_SECONDS = [0.1, 1, 10, 60, 600];
const DELIVERY_SECONDS = [0.05, 0.25, 1, 5, 15];

/** Tasks, deliveries of webhooks, and what consumers could not be told. No label is `job`: scraping gives that one to targets. */
export const backgroundMetrics = (registers: Registers) => {
  const runs = new Histogram({
    name: 'innkeeper_job_duration_seconds',
    help: 'Time that runs of background tasks took, by how they ended.',
    labelNames: ['task', 'outcome'],
    buckets: JOB_SECONDS,
    registers,
  });
  const succeeded = new Gauge({
    name: 'innkeeper_job_last_success_timestamp_seconds',
    help: 'When a background task last ran to its end in this process.',
    labelNames: ['task'],
    registers,
  });
  const faults = new Counter({
    name: 'innkeeper_job_faults_total',
    help: 'Faults in background work.',
    labelNames: ['task'],
    registers,
  });
  const deliveries = new Histogram({
    name: 'innkeeper_webhook_delivery_duration_seconds',
    help: 'Time that attempts to deliver a webhook took, by how they ended.',
    labelNames: ['outcome'],
    buckets: DELIVERY_SECONDS,
    registers,
  });
  const setAside = new Counter({
    name: 'innkeeper_events_set_aside_total',
    help: 'Events that a consumer is not told of any more.',
    labelNames: ['consumer'],
    registers,
  });
  return {
    onJob(task: string, milliseconds: number, ok: boolean) {
      runs.observe({ task, outcome: ok ? 'ok' : 'error' }, milliseconds / 1_000);
      if (ok) succeeded.setToCurrentTime({ task });
    },
    onJobFault: (task: string) => faults.inc({ task }),
    onDelivery: (outcome: string, milliseconds: number) => deliveries.observe({ outcome }, milliseconds / 1_000),
    onEventSetAside: (consumer: string) => setAside.inc({ consumer }),
  };
};
