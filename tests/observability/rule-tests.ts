import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type AlertState = 'quiet' | 'pending' | 'firing';

/** A test of promtool, as far as it is about alerts. */
export interface RuleTest {
  name: string;
  /** What it asks of an alert, in the order of time. */
  states: { alert: string; window: string; state: AlertState }[];
  /** Alerts whose labels and annotations it compares. */
  compared: { alert: string; window: string }[];
  /** Whether some of its series end before it does. */
  losesData: boolean;
}

interface Source {
  name: string;
  input_series: { values: string }[];
  promql_expr_test?: { expr: string; exp_samples: { labels: string }[] }[];
  alert_rule_test?: { alertname: string; exp_alerts: { exp_labels: { window?: string } }[] }[];
}

const folder = new URL('../../prometheus/tests/', import.meta.url);

const labelIn = (text: string, name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? '';

const testOf = ({ name, input_series, promql_expr_test = [], alert_rule_test = [] }: Source): RuleTest => ({
  name,
  states: promql_expr_test
    .filter(({ expr }) => expr.includes('ALERTS{'))
    .map(({ expr, exp_samples: [sample] }) => ({
      alert: labelIn(expr, 'alertname'),
      window: labelIn(expr, 'window'),
      state: sample ? (labelIn(sample.labels, 'alertstate') as AlertState) : 'quiet',
    })),
  compared: alert_rule_test.flatMap(({ alertname, exp_alerts }) =>
    exp_alerts.map(({ exp_labels }) => ({ alert: alertname, window: exp_labels.window ?? '' })),
  ),
  losesData: input_series.some(({ values }) => values.endsWith('stale')),
});

/** All tests of prometheus/tests. */
export const readRuleTests = (): RuleTest[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => (parse(readFileSync(new URL(name, folder), 'utf8')) as { tests: Source[] }).tests.map(testOf));
