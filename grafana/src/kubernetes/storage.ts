import type { Section } from '../build/layout.ts';
import { series } from '../build/series.ts';
import { stat } from '../build/stat.ts';

const volumes = (metric: string) => `${metric}{namespace=~"$namespace", persistentvolumeclaim=~".*innkeeper.*"}`;
const backups = (metric: string) => `${metric}{namespace=~"$namespace", pod=~".*innkeeper.*"}`;

/** Disks and backups of a database that CloudNativePG runs. */
export const storage: Section = {
  title: 'Disks and backups',
  lines: [
    [
      series({
        title: 'Free on volumes',
        description: 'Share of the volume that is free. When nothing is left, the server on it stops.',
        unit: 'percentunit',
        max: 1,
        alerts: ['volumeNearlyFull'],
        queries: [
          [
            `${volumes('kubelet_volume_stats_available_bytes')} / ${volumes('kubelet_volume_stats_capacity_bytes')}`,
            '{{persistentvolumeclaim}}',
          ],
        ],
      }),
      stat({
        title: 'Since the last backup',
        description: "By CloudNativePG or its Barman Cloud plugin; other databases' backups are not seen here.",
        unit: 's',
        alerts: ['backupOld'],
        expr: `time() - max(${backups('barman_cloud_cloudnative_pg_io_last_available_backup_timestamp')} or ${backups('cnpg_collector_last_available_backup_timestamp')})`,
        noValue: 'unknown',
      }),
    ],
  ],
};
