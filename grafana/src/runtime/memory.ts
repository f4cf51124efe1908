import type { Section } from '../build/layout.ts';
import { of, ofProcess, rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

/** Heap, memory against its limit, garbage. */
export const memory: Section = {
  title: 'Memory',
  lines: [
    [
      series({
        title: 'Memory of the limit',
        description: 'Memory of the container, as a share of what it may use. Not there without a limit.',
        unit: 'percentunit',
        max: 1,
        alerts: ['memoryNearLimit'],
        queries: [[`${of('innkeeper_memory_used_bytes')} / ${of('innkeeper_memory_limit_bytes')}`, '{{instance}}']],
      }),
      series({
        title: 'Memory of the process',
        description: 'Resident memory: heap, buffers, code.',
        unit: 'bytes',
        queries: [[ofProcess('process_resident_memory_bytes'), '{{instance}}']],
      }),
      series({
        title: 'Heap',
        description: "V8's heap in use; it may grow up to its limit.",
        unit: 'bytes',
        queries: [
          [of('innkeeper_heap_bytes', 'state="used"'), '{{instance}}'],
          [`min(${of('innkeeper_heap_bytes', 'state="limit"')})`, 'limit'],
        ],
      }),
    ],
    [
      series({
        title: 'Heap alive',
        description: 'What was left after the last major collection. If it only ever grows, something leaks.',
        unit: 'bytes',
        alerts: ['heapGrowing'],
        queries: [[of('innkeeper_heap_alive_bytes'), '{{instance}}']],
      }),
      series({
        title: 'Time in collections',
        description: 'Share of time spent on collecting garbage, by kind; of all processes on average.',
        unit: 'percentunit',
        queries: [
          [
            `${sum(rate('innkeeper_gc_duration_seconds_sum'), 'kind')} / scalar(count(${of('innkeeper_build_info')}))`,
            '{{kind}}',
          ],
        ],
      }),
      series({
        title: 'Collections',
        description: 'Collections of garbage a second, by kind.',
        unit: 'ops',
        queries: [[sum(rate('innkeeper_gc_duration_seconds_count'), 'kind'), '{{kind}}']],
      }),
    ],
  ],
};
