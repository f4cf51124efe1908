import { readRecorded } from './recorded.ts';

const VOLUME = ['namespace', 'node', 'persistentvolumeclaim'];

/** With labels by their documentation: the kubelet's of volumes, CloudNativePG's and Prometheus' own. */
const documented: [string, string[]][] = [
  ['up', []],
  ['ALERTS', ['alertname', 'alertstate', 'service', 'severity', 'signal']],
  ['kubelet_volume_stats_available_bytes', VOLUME],
  ['kubelet_volume_stats_capacity_bytes', VOLUME],
  ['barman_cloud_cloudnative_pg_io_last_available_backup_timestamp', ['namespace', 'pod']],
  ['cnpg_collector_last_available_backup_timestamp', ['namespace', 'pod']],
];

const recorded = Map.groupBy(readRecorded(), ({ name }) => name);

/** Metrics of others with their labels: those of kube-state-metrics and cAdvisor as they were scraped. */
export const otherExporters = new Map<string, string[]>([
  ...documented,
  ...[...recorded].map(([name, series]): [string, string[]] => [
    name,
    [...new Set(series.flatMap(({ labels }) => labels))],
  ]),
]);
