/** Alerts that no fault fires here, and why; prometheus/tests has them all the same. */
export const promtoolOnly: Record<string, string> = {
  Watchdog: 'fires all the time; that it reaches the receiver is checked with the healthy load',
  HpaAtMaximum: 'needs an autoscaler in Kubernetes',
  HpaMetricFailing: 'needs an autoscaler in Kubernetes',
  VolumeNearlyFull: 'needs a volume in Kubernetes',
  BackupOld: 'needs backups by CloudNativePG',
  'ErrorBudgetBurn 1d':
    'its windows are too long even so; that a slower burn leaves it quiet is checked at true length',
  'ErrorBudgetBurn 3d': 'the same run checks it at true length, over back-filled blocks',
};
