import type { Section } from '../build/layout.ts';
import { max, of, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

/** How far replicas are behind, and which are left out. */
export const replicas: Section = {
  title: 'Replicas',
  lines: [
    [
      series({
        title: 'Lag',
        description: 'How long ago the primary was where the replica is now, as the process sees it that is worst off.',
        unit: 's',
        alerts: ['replicaLagging'],
        queries: [[max(of('innkeeper_replica_lag_seconds'), 'server'), '{{server}}']],
      }),
      series({
        title: 'Lag in bytes',
        description: 'Bytes of the log that the replica has yet to replay.',
        unit: 'bytes',
        queries: [[max(of('innkeeper_replica_lag_bytes'), 'server'), '{{server}}']],
      }),
      series({
        title: 'Left out',
        description: 'Processes that do not read from the replica, because it fails, lags or leads.',
        unit: 'none',
        alerts: ['replicaEjected'],
        queries: [[sum(of('innkeeper_replica_ejected'), 'server'), '{{server}}']],
      }),
    ],
  ],
};
