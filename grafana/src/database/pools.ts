import type { Section } from '../build/layout.ts';
import { of, orZero, quantile, rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

/** How full the fullest pool of each name is. */
export const poolUse = `max by (pool) (${of('innkeeper_pool_used_connections')} / ${of('innkeeper_pool_size_limit')})`;

/** Connections: given out, waited for, broken. */
export const pools: Section = {
  title: 'Pools',
  lines: [
    [
      series({
        title: 'Use of pools',
        description: 'Connections given out, as a share of what the pool may have; of each pool the fullest process.',
        unit: 'percentunit',
        max: 1,
        alerts: ['poolNearlyFull'],
        queries: [[poolUse, '{{pool}}']],
      }),
      series({
        title: 'Connections',
        description: 'All processes together. Pools grow and shrink with use, up to their limit.',
        unit: 'none',
        queries: [
          [sum(of('innkeeper_pool_used_connections')), 'used'],
          [sum(of('innkeeper_pool_idle_connections')), 'idle'],
          [sum(of('innkeeper_pool_size_limit')), 'limit'],
        ],
      }),
    ],
    [
      series({
        title: 'Waiting for a connection',
        description: 'Those who wait, by pool.',
        unit: 'none',
        alerts: ['poolWaiting'],
        queries: [[sum(of('innkeeper_pool_waiting'), 'pool'), '{{pool}}']],
      }),
      series({
        title: 'Time until a connection was given out',
        description: '95 of 100 had theirs within this, by pool.',
        unit: 's',
        queries: [[quantile(0.95, 'innkeeper_pool_acquire_duration_seconds', ['pool']), '{{pool}}']],
      }),
      series({
        title: 'Broken connections',
        description: 'Connections to a database that broke, a second.',
        unit: 'cps',
        queries: [[orZero(sum(rate('innkeeper_database_connection_faults_total'))), 'error']],
      }),
    ],
  ],
};
