import type { Section } from '../build/layout.ts';
import { max, of, orZero, rate, sum } from '../build/queries.ts';
import { stat } from '../build/stat.ts';
import { upOrDown } from '../build/up-or-down.ts';
import { hitRatio } from './look-ups.ts';

/** The figures that one looks at first. */
export const now: Section = {
  title: 'Now',
  lines: [
    [
      stat({
        title: 'Hits',
        description: 'Share of the questions to the cache that either tier had an answer to.',
        unit: 'percentunit',
        alerts: ['cacheHitsLow'],
        expr: hitRatio,
      }),
      stat({
        title: 'Old answers',
        description: 'Answers a second that stood in, marked as old, for a source that failed.',
        unit: 'reqps',
        expr: orZero(sum(rate('innkeeper_requests_total', 'cache="stale"'))),
      }),
      stat({
        title: 'Fullest memory',
        description: 'Bytes kept in the memory of a process, as a share of what it may keep.',
        unit: 'percentunit',
        expr: `max(${sum(of('innkeeper_cache_bytes'), 'instance')} / ${sum(of('innkeeper_cache_bytes_limit'), 'instance')})`,
      }),
      stat({
        title: 'Redis',
        description: 'Down while a process leaves Redis alone because it does not answer. Requests go on without it.',
        unit: 'none',
        alerts: ['redisDown'],
        expr: `min(${of('innkeeper_redis_up')})`,
        noValue: 'not used',
        mappings: upOrDown,
      }),
      stat({
        title: 'Search index behind',
        description:
          'How long ago the index furthest behind was known to be complete. SQL answers while it is too old.',
        unit: 's',
        expr: max(of('innkeeper_search_index_lag_seconds')),
      }),
    ],
  ],
};
