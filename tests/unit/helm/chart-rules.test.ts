import { expect, it } from 'vitest';
import { chartRules, placeOf } from '../../../helm/src/rules/render.ts';
import type { Threshold } from '../../../helm/src/rules/thresholds.ts';

const threshold: Threshold = {
  name: 'used',
  value: 0.85,
  rule: 'NearlyFull',
  texts: ['> 0.85', '85%'],
  meaning: 'Share that may be in use.',
};

const file = (expr: string, description = 'More than 85%.') => `groups:
  - name: some
    rules:
      - alert: NearlyFull
        # Above 0.85 it is late, and > 0.85 later.
        expr: ${expr}
        annotations:
          description: ${description}
          runbook_url: https://github.com/innkeeper-booking/innkeeper/blob/main/prometheus/runbooks/NearlyFull.md
          dashboard_url: https://grafana.example.org/d/innkeeper-overview
      - alert: Other
        expr: other > 0
`;

const made = (text: string, ...all: Threshold[]) => chartRules('here.yaml', text, all);

it('numbers and percents become places, in the rule that they are of', () => {
  const text = made(`${file('used > 0.85')}        for: 85%\n`, threshold);
  expect(text).toContain(`expr: used > ${placeOf('used')}\n`);
  expect(text).toContain(`description: More than ${placeOf('used:percent')}%.`);
  expect(text).toContain('for: 85%');
});

it('comments stay as they are', () => {
  expect(made(file('used > 0.85'), threshold)).toContain('# Above 0.85 it is late, and > 0.85 later.');
});

it('addresses begin with places', () => {
  const text = made(file('used > 0.85'), threshold);
  expect(text).toContain(`runbook_url: ${placeOf('runbooks')}NearlyFull.md`);
  expect(text).toContain(`dashboard_url: ${placeOf('dashboards')}innkeeper-overview`);
});

it.each([
  ['used > 0.855', 'More than 85%.'],
  ['used > 10.85', 'More than 85%.'],
  ['used > 0.85', 'More than 8.85%.'],
])('%s, %s: a threshold that is not there, or only part of a number, is refused', (expr, description) => {
  expect(() => made(file(expr, description), threshold)).toThrow(/of the threshold used is not in it/);
});

it('a comparison with a number that is no threshold is refused, one with nothing is not', () => {
  expect(() => made(file('used > 0.85 and rate > 5'), threshold)).toThrow('NearlyFull: > 5 is neither a threshold');
  expect(() => made(file('used > 0.85 and on () up == 0 and x > 0'), threshold)).not.toThrow();
});

it('a text without the number is refused', () => {
  expect(() => made(file('used > 0.85'), { ...threshold, texts: ['used'] })).toThrow('holds neither 0.85 nor 85%');
});
