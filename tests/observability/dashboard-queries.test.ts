import { describe, expect, test } from 'vitest';
import { dashboards } from '../../grafana/src/dashboards.ts';
import { panelsOf, variablesIn, withoutVariables } from './panels.ts';
import { knownSeries, unknownIn } from './unknown-series.ts';

const known = knownSeries();

/** What Grafana asks to fill the lists of a variable: `label_values(metric, label)`. */
const LABEL_VALUES = /^label_values\((.+), (\w+)\)$/;

describe.each(Object.entries(dashboards))('%s', (_name, dashboard) => {
  const panels = panelsOf(dashboard);
  const variables = dashboard.templating?.list ?? [];

  test('every expression is PromQL, over metrics and labels that are exposed', () => {
    for (const { title, targets = [] } of panels)
      for (const { expr } of targets) expect(unknownIn(withoutVariables(expr), known), `${title}: ${expr}`).toEqual([]);
  });

  test('every variable in an expression is declared, and those declared are used', () => {
    const used = panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => variablesIn(expr)));
    const declared = variables.map(({ name }) => name);
    expect([...new Set(used)].toSorted()).toEqual(declared.filter((name) => name !== 'datasource').toSorted());
  });

  test('variables are filled from labels that are exposed', () => {
    for (const { name, definition } of variables.filter(({ type }) => type === 'query')) {
      const [, selector = '', label = ''] = LABEL_VALUES.exec(definition ?? '') ?? [];
      expect(label, name).not.toBe('');
      expect(unknownIn(`group by (${label}) (${selector})`, known), name).toEqual([]);
    }
  });

  test('quantiles of the time of requests show single requests, which lead to their traces', () => {
    for (const { title, type, targets = [] } of panels.filter((panel) => panel.type === 'timeseries'))
      for (const { expr, exemplar } of targets)
        expect(exemplar ?? false, `${type} ${title}`).toBe(expr.includes('innkeeper_request_duration_seconds_bucket'));
  });
});
