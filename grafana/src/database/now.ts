import type { Section } from '../build/layout.ts';
import { counted, max, of, sum } from '../build/queries.ts';
import { stat } from '../build/stat.ts';
import { upOrDown } from '../build/up-or-down.ts';
import { poolUse } from './pools.ts';

/** The figures that one looks at first. */
export const now: Section = {
  title: 'Now',
  lines: [
    [
      stat({
        title: 'Primary',
        description: 'Whether every process is answered by the primary. While it is gone, reads go on and writes fail.',
        unit: 'none',
        alerts: ['primaryDown'],
        expr: `min(${of('innkeeper_primary_up')})`,
        mappings: upOrDown,
      }),
      stat({
        title: 'Fullest pool',
        description: 'Connections given out, as a share of what the pool may have.',
        unit: 'percentunit',
        alerts: ['poolNearlyFull'],
        expr: `max(${poolUse})`,
      }),
      stat({
        title: 'Waiting for a connection',
        description: 'Those who wait, in all pools together.',
        unit: 'none',
        alerts: ['poolWaiting'],
        expr: sum(of('innkeeper_pool_waiting')),
      }),
      stat({
        title: 'Replica furthest behind',
        description: 'How long ago the primary was where that replica is now.',
        unit: 's',
        alerts: ['replicaLagging'],
        expr: max(of('innkeeper_replica_lag_seconds')),
        noValue: 'no replica',
      }),
      stat({
        title: 'Replicas left out',
        description: 'Replicas that some process does not read from.',
        unit: 'none',
        alerts: ['replicaEjected'],
        expr: sum(max(of('innkeeper_replica_ejected'), 'server')),
        noValue: 'no replica',
      }),
      stat({
        title: 'Database size',
        description: 'Bytes of the database, as the workers count them.',
        unit: 'bytes',
        expr: counted('innkeeper_database_bytes'),
      }),
    ],
  ],
};
