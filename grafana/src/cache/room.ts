import type { Section } from '../build/layout.ts';
import { of, rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

/** What is kept, and what gave way. */
export const room: Section = {
  title: 'Room',
  lines: [
    [
      series({
        title: 'Bytes by type',
        description: 'Kept in memory, all processes together, with what they may keep.',
        unit: 'bytes',
        queries: [
          [sum(of('innkeeper_cache_bytes'), 'type'), '{{type}}'],
          [sum(of('innkeeper_cache_bytes_limit')), 'limit'],
        ],
      }),
      series({
        title: 'Evictions',
        description:
          'Answers that gave way to others before their time, a second. Many of them, and more memory would help.',
        unit: 'cps',
        queries: [[sum(rate('innkeeper_cache_evictions_total'), 'tier', 'type'), '{{tier}}: {{type}}']],
      }),
      series({
        title: 'Redis, by process',
        description: '0 while the process leaves Redis alone because it does not answer.',
        unit: 'none',
        max: 1,
        alerts: ['redisDown'],
        queries: [[of('innkeeper_redis_up'), '{{instance}}']],
      }),
    ],
    [
      series({
        title: 'Memory of search indexes',
        description: 'Bytes by process.',
        unit: 'bytes',
        queries: [[of('innkeeper_search_index_bytes'), '{{instance}}']],
      }),
      series({
        title: 'Search indexes behind',
        description: 'How long ago the index furthest behind was known to be complete, by process.',
        unit: 's',
        queries: [[of('innkeeper_search_index_lag_seconds'), '{{instance}}']],
      }),
    ],
  ],
};
