/** An alert of prometheus/rules, and its line as panels draw it. */
export interface Alert {
  name: string;
  severity: 'critical' | 'warning';
  /** Beyond which it fires (after its time); alerts without a number have none. */
  line?: number;
  /** It fires below its line. */
  below?: true;
  /** Whole numbers are counted: more than 0 is 1. */
  whole?: true;
  /** The rule says the same without the number. */
  restated?: true;
  /** What the rule multiplies the line by. */
  factor?: number;
}

const objective = { name: 'ErrorBudgetBurn', factor: 0.001 } as const;
const latency = { name: 'LatencyP95High', severity: 'warning' } as const;

export const alerts = {
  errors: { name: 'ErrorRateHigh', severity: 'critical', line: 0.05 },
  slowQueries: { ...latency, line: 0.5 },
  slowMutations: { ...latency, line: 1 },
  slowReports: { ...latency, line: 3 },
  burnInHours: { ...objective, severity: 'critical', line: 14.4 },
  burnInDay: { ...objective, severity: 'critical', line: 6 },
  burnInDays: { ...objective, severity: 'warning', line: 3 },
  burnAtAll: { ...objective, severity: 'warning', line: 1 },
  absent: { name: 'InnkeeperAbsent', severity: 'critical' },
  targetDown: { name: 'TargetDown', severity: 'warning' },
  primaryDown: { name: 'PrimaryDown', severity: 'critical' },
  poolNearlyFull: { name: 'PoolNearlyFull', severity: 'warning', line: 0.85 },
  poolWaiting: { name: 'PoolWaiting', severity: 'warning', line: 0, whole: true },
  slowStatements: { name: 'SlowStatements', severity: 'warning', line: 0.02 },
  replicaLagging: { name: 'ReplicaLagging', severity: 'warning', line: 5 },
  replicaEjected: { name: 'ReplicaEjected', severity: 'warning', line: 0, whole: true },
  cacheHitsLow: { name: 'CacheHitsLow', severity: 'warning', line: 0.7, below: true },
  redisDown: { name: 'RedisDown', severity: 'warning' },
  holdsLeaking: { name: 'HoldsLeaking', severity: 'warning', line: 60 },
  ledgerFaults: { name: 'LedgerFaults', severity: 'critical', line: 0, whole: true },
  eventLoopStalled: { name: 'EventLoopStalled', severity: 'warning', line: 0.25 },
  cpuThrottled: { name: 'CpuThrottled', severity: 'warning', line: 0.25 },
  memoryNearLimit: { name: 'MemoryNearLimit', severity: 'warning', line: 0.9 },
  heapGrowing: { name: 'HeapGrowing', severity: 'warning' },
  restarting: { name: 'ProcessRestarting', severity: 'warning', line: 2, whole: true },
  workersAbsent: { name: 'WorkersAbsent', severity: 'critical' },
  outboxOld: { name: 'OutboxOld', severity: 'warning', line: 30 },
  jobsWaiting: { name: 'JobsWaiting', severity: 'warning', line: 60 },
  jobFailing: { name: 'JobFailing', severity: 'warning', line: 0.5 },
  webhooksFailing: { name: 'WebhooksFailing', severity: 'warning', line: 0.5 },
  webhooksLate: { name: 'WebhooksLate', severity: 'warning', line: 60 },
  hpaAtMaximum: { name: 'HpaAtMaximum', severity: 'warning', line: 1, restated: true },
  hpaMetricFailing: { name: 'HpaMetricFailing', severity: 'warning', line: 0, whole: true, restated: true },
  volumeNearlyFull: { name: 'VolumeNearlyFull', severity: 'critical', line: 0.1, below: true },
  backupOld: { name: 'BackupOld', severity: 'warning', line: 129_600 },
} as const satisfies Record<string, Alert>;

export type AlertKey = keyof typeof alerts;

/** What there is to know of an alert. */
export const alertOf = (key: AlertKey): Alert => alerts[key];

/** From where on a panel is coloured. */
export const stepOf = ({ line = 0, whole }: Alert): number => (whole ? line + 1 : line);

export const runbookUrl = (name: string): string =>
  `https://github.com/innkeeper-booking/innkeeper/blob/main/prometheus/runbooks/${name}.md`;
