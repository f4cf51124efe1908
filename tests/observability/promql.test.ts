import { expect, test } from 'vitest';
import { groupingsOf, metricsOf } from './promql.ts';
import { unknownIn } from './unknown-series.ts';

const joined =
  'sum by (procedure) (rate(calls{job=~"a.*", code!="OK"}[5m])) / on (pod) group_left (node) max(up offset 1h)';

test('every metric of an expression is found, with the labels that its selector names', () => {
  expect(metricsOf(joined)).toEqual([
    { name: 'calls', labels: ['job', 'code'] },
    { name: 'up', labels: [] },
  ]);
  expect(metricsOf('{__name__="up", job="a"}')).toEqual([{ name: '', labels: ['__name__', 'job'] }]);
});

test('every label that is grouped or joined by is found, with the metrics it can come from', () => {
  expect(groupingsOf(joined)).toEqual([
    { labels: ['procedure'], metrics: ['calls'] },
    { labels: ['pod', 'node'], metrics: ['calls', 'up'] },
  ]);
});

test.each(['', 'up{', 'rate(up[5m]', 'sum by procedure (up)', 'up[$__rate_interval]', 'up == '])(
  '%j is refused, since it is not PromQL',
  (expr) => {
    expect(() => metricsOf(expr)).toThrow();
    expect(() => groupingsOf(expr)).toThrow();
  },
);

test('a metric or label that nobody exposes is named', () => {
  const known = new Map([['calls', ['code']]]);
  expect(unknownIn('sum by (code) (calls{instance="a"})', known)).toEqual([]);
  expect(unknownIn('calls{cod="OK"} / cals', known)).toEqual(['calls{cod}', 'cals']);
  expect(unknownIn('sum by (cod) (calls)', known)).toEqual(['calls by cod']);
});
