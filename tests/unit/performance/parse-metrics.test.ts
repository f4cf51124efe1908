import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mainFiguresOf, metricSet, parseMetrics } from '../../../src/features/performance/index.ts';
import { createMetrics } from '../../../src/platform/telemetry/metrics/index.ts';
import { stubReadings } from '../telemetry/metrics/stub-readings.ts';

const bucketsOf = (name: string, counts: Record<string, number>, labels = '') =>
  Object.entries(counts)
    .map(([le, count]) => `${name}_bucket{${labels}le="${le}"} ${count}\n`)
    .join('');

test('values are read with their labels, whatever stands in these; exemplars, comments and other lines are left out', () => {
  const text = [
    '# HELP a what it is',
    'a 1',
    'b{x="1",y="a \\"quoted\\" } , \\\\ \\n end"} 2.5e-3 # {trace_id="0af7"} 0.7 1700000000.1',
    'c_bucket{le="+Inf"} +Inf',
    'no metric',
    '# EOF',
  ].join('\n');
  expect(parseMetrics(text)).toEqual([
    { name: 'a', labels: {}, value: 1 },
    { name: 'b', labels: { x: '1', y: 'a "quoted" } , \\ \n end' }, value: 0.0025 },
    { name: 'c_bucket', labels: { le: '+Inf' }, value: Number.POSITIVE_INFINITY },
  ]);
});

test('what the process shows is read whole', async () => {
  const metrics = createMetrics(stubReadings, { version: '1.2.3' });
  metrics.stop();
  const text = await metrics.text();
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  expect(parseMetrics(text)).toHaveLength(lines.length);
});

test('a quantile lies on the straight line within its bucket, and at the last bound beyond it', () => {
  const set = metricSet(parseMetrics(bucketsOf('d', { '0.1': 50, '0.5': 90, '+Inf': 100 })));
  expect(set.quantile('d', 0.5)).toBeCloseTo(0.1);
  expect(set.quantile('d', 0.7)).toBeCloseTo(0.3);
  expect(set.quantile('d', 0.95)).toBe(0.5);
  expect(set.quantile('nothing', 0.5)).toBeNull();
});

test('quantiles never go back as the share grows, and stay within the bounds', () => {
  const bounds = [0.1, 0.5, 1, 3];
  fc.assert(
    fc.property(
      fc.array(fc.nat(50), { minLength: 5, maxLength: 5 }),
      fc.float({ min: 0, max: 1, noNaN: true }),
      (sizes, a) => {
        const upTo = (bound: number) => sizes.slice(0, bound + 1).reduce((sum, size) => sum + size, 0);
        const counts = Object.fromEntries([...bounds, '+Inf'].map((le, index) => [le, upTo(index)]));
        const set = metricSet(parseMetrics(bucketsOf('d', counts)));
        const [low, high] = [set.quantile('d', a * 0.5), set.quantile('d', a)];
        if (low === null || high === null) return;
        expect(low).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(3);
      },
    ),
  );
});

test('between two scrapes only what came in between counts, also after the process began anew', () => {
  const earlier = parseMetrics('n_total{k="a"} 10\nn_total{k="b"} 5');
  expect(metricSet(parseMetrics('n_total{k="a"} 12\nn_total{k="b"} 5'), earlier).total('n_total')).toBe(2);
  expect(metricSet(parseMetrics('n_total{k="a"} 3'), earlier).total('n_total')).toBe(3);
});

test('a share of failed calls, and the busiest procedure first', () => {
  const calls = (procedure: string, outcome: string, count: number) =>
    `innkeeper_request_duration_seconds_count{procedure="${procedure}",outcome="${outcome}"} ${count}\n`;
  const text = calls('rare', 'ok', 1) + calls('often', 'ok', 7) + calls('often', 'error', 2);
  const { requests, procedures } = mainFiguresOf(parseMetrics(text), 2);
  expect(requests).toMatchObject({ calls: 10, perSecond: 5, failedShare: 0.2, p95Ms: null });
  expect(procedures.map(({ procedure }) => procedure)).toEqual(['often', 'rare']);
});
