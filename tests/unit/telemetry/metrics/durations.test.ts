import fc from 'fast-check';
import { Histogram } from 'prom-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  type DurationSeries,
  Durations,
  newDurations,
  observe,
} from '../../../../src/platform/telemetry/metrics/durations.ts';
import { openRegistry } from '../../../../src/platform/telemetry/metrics/registers.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const BUCKETS = [0.005, 0.1, 1];
const settings = { name: 'took_seconds', help: 'How long it took.', labelNames: ['what', 'how'], buckets: BUCKETS };
const HOWS = ['well', 'badly', 'a "b"\\c\n'];

const observation = fc.record({
  how: fc.constantFrom(...HOWS),
  seconds: fc.oneof(fc.constantFrom(0, ...BUCKETS, 99), fc.double({ min: 0, max: 3, noNaN: true })),
  traceId: fc.option(fc.stringMatching(/^[0-9a-f]{32}$/), { nil: undefined }),
});

const lines = (text: string) => text.split('\n').toSorted();

it('what was observed is written as the library writes what it observes itself', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(observation), async (observations) => {
      const [own, theirs] = [openRegistry(), openRegistry()];
      const series = new Map<string, DurationSeries>();
      new Durations({ ...settings, registers: [own] }, () => [...series.values()]);
      const histogram = new Histogram({ ...settings, enableExemplars: true, registers: [theirs] });
      for (const { how, seconds, traceId } of observations) {
        vi.advanceTimersByTime(7);
        const labels = { what: 'walk', how };
        const one = series.get(how) ?? newDurations(labels, BUCKETS);
        series.set(how, one);
        observe(one, BUCKETS, seconds, traceId);
        const exemplarLabels = traceId === undefined ? {} : { trace_id: traceId };
        histogram.observe({ labels, value: seconds, exemplarLabels });
      }
      expect(lines(await own.metrics())).toEqual(lines(await theirs.metrics()));
    }),
    { numRuns: 60 },
  );
});
