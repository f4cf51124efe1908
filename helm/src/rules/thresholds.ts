/** A number of prometheus/rules that the chart's values can change. */
export interface Threshold {
  /** Its name under `monitoring.rules.thresholds`. */
  name: string;
  /** The shipped number. */
  value: number;
  /** The alert, or what is recorded. */
  rule: string;
  /** Where it stands, in each rule of that name: as the number itself, or in percent before a `%`. */
  texts: readonly string[];
  /** What values.yaml says of it. */
  meaning: string;
}

const of = (rule: string, name: string, value: number, meaning: string, texts: readonly string[]): Threshold => ({
  ...{ rule, name, value, meaning, texts },
});

export const thresholds: readonly Threshold[] = [
  of('OutboxOld', 'outboxSeconds', 30, 'Seconds that an event may wait to be handled.', ['> 30']),
  of('JobsWaiting', 'jobsWaitingSeconds', 60, 'Seconds that a job may wait to be begun.', ['> 60']),
  of('JobFailing', 'jobFailures', 0.5, 'Share of the runs of a task that may fail.', ['> 0.5']),
  of('WebhooksFailing', 'webhookFailures', 0.5, 'Share of attempts to deliver webhooks that may fail.', [
    '> 0.5',
    '50%',
  ]),
  of('WebhooksLate', 'webhooksLateSeconds', 60, 'Seconds that a webhook may wait for us.', ['> 60']),
  of('CacheHitsLow', 'cacheHits', 0.7, 'Share of questions to the cache that are to be hits.', ['< 0.7', '70%']),
  of('PoolNearlyFull', 'poolUsed', 0.85, 'Share of a pool that may be in use.', ['> 0.85', '85%']),
  of('SlowStatements', 'slowStatements', 0.02, 'Statements a second that may take longer than 2 s.', ['> 0.02']),
  of('ReplicaLagging', 'replicaLagSeconds', 5, 'Seconds that a replica may be behind.', ['> 5', 'than 5 s']),
  of('VolumeNearlyFull', 'volumeFree', 0.1, 'Share of a volume that is to be free.', ['< 0.1', '10%']),
  of('BackupOld', 'backupHours', 36, 'Hours that the last backup may be old.', ['> 36', '36 hours']),
  of('ErrorRateHigh', 'errorRatio', 0.05, 'Share of requests that may fail.', ['> 0.05', '5%']),
  of('LatencyP95High', 'p95QuerySeconds', 0.5, 'Seconds within which 95 % of queries are to be answered.', [
    'kind="query"} > 0.5',
  ]),
  of('LatencyP95High', 'p95MutationSeconds', 1, 'The same of mutations.', ['kind="mutation"} > 1']),
  of('LatencyP95High', 'p95ReportSeconds', 3, 'The same of reports.', ['kind="report"} > 3']),
  of('MemoryNearLimit', 'memory', 0.9, 'Share of its memory that a container may use.', ['> 0.9']),
  of('HeapGrowing', 'heapGrowthMiB', 64, 'Mebibytes that a heap may grow by in two hours.', ['> 64']),
  of('CpuThrottled', 'cpuThrottled', 0.25, 'Share of its periods in which a container may be stopped.', [
    '> 0.25',
    '25%',
  ]),
  of('EventLoopStalled', 'eventLoopSeconds', 0.25, 'Seconds that an event loop may be late.', ['> 0.25']),
  of('ProcessRestarting', 'restarts', 2, 'Times that a process may start again in a quarter of an hour.', ['> 2']),
  of('HoldsLeaking', 'holdsExpiredSeconds', 60, 'Seconds that a hold may be over before it is released.', ['> 60']),
  of('ErrorBudgetBurn', 'errorBudget', 0.001, 'Share of 30 days of requests that may be bad: the objective.', [
    '0.001',
    '0.1%',
  ]),
  {
    name: 'databaseSlowSeconds',
    value: 0.025,
    rule: 'innkeeper:database_slow:now',
    texts: ['> bool 0.025'],
    meaning: 'Seconds that statements may take on average before no pods are added for late answers any more.',
  },
];

/** Comparisons of rules that no value changes, and why. */
export const fixed: Readonly<Record<string, readonly string[]>> = {
  // Below so much traffic a ratio says nothing.
  WebhooksFailing: ['> 0.02'],
  CacheHitsLow: ['> 5'],
  ErrorRateHigh: ['> 0.2'],
  LatencyP95High: ['> 0.2'],
  ErrorBudgetBurn: ['> 0.2', '> 14.4', '> 6', '> 3'],
  'innkeeper:web_latency:p95': ['>= 20'],
  // Growth an hour: a leak is told by its steadiness.
  HeapGrowing: ['> 1.05'],
  // Most processes.
  'innkeeper:database_slow:now': ['< bool 0.5'],
};
