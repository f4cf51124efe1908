import { expect, test } from 'vitest';
import { type Alert, type AlertKey, alertOf, alerts, runbookUrl, stepOf } from '../../grafana/src/alerts.ts';
import { dashboards } from '../../grafana/src/dashboards.ts';
import { panelsOf } from './panels.ts';
import { readRules } from './rules.ts';

const rules = readRules().filter(({ alert }) => alert !== undefined);
const all = (Object.keys(alerts) as AlertKey[]).map((key): [AlertKey, Alert] => [key, alertOf(key)]);

const COMPARISON = /([<>]) ([\d.]+(?: \* [\d.]+)*)/g;
const product = (text: string) => text.split(' * ').reduce((result, factor) => result * Number(factor), 1);

/** What a rule compares with: `> 36 * 3600` is above 129600. */
const comparisonsOf = (expr: string) =>
  [...expr.matchAll(COMPARISON)].map(([, side, number = '']) => `${side} ${product(number).toPrecision(6)}`);

test.each(all)('the line of %s is where its alert fires, with the same severity and runbook', (_key, alert) => {
  const { name, severity, line, below, restated, factor = 1 } = alert;
  const wanted = line === undefined || restated ? undefined : `${below ? '<' : '>'} ${(line * factor).toPrecision(6)}`;
  const rule = rules.find(
    (one) => one.alert === name && (wanted === undefined || comparisonsOf(one.expr).includes(wanted)),
  );
  expect(rule?.labels?.severity).toBe(severity);
  expect(rule?.annotations?.runbook_url).toBe(runbookUrl(name));
});

test('each alert leads to a dashboard with a panel that leads to its runbook', () => {
  const linked = new Map(
    Object.values(dashboards).map((dashboard) => [
      dashboard.uid,
      panelsOf(dashboard).flatMap(({ links = [] }) => links.map(({ url }) => url)),
    ]),
  );
  expect(rules.length).toBeGreaterThan(20);
  for (const { alert, annotations } of rules.filter((rule) => rule.alert !== 'Watchdog')) {
    const uid = annotations?.dashboard_url?.split('/d/')[1];
    expect(linked.get(uid), `${alert} leads to ${uid}`).toContain(annotations?.runbook_url);
  }
});

test('panels are coloured from the lines of the alerts that they link, and from nothing else', () => {
  const stepsByUrl = new Map<string, number[]>();
  for (const [, alert] of all) {
    const url = runbookUrl(alert.name);
    stepsByUrl.set(url, [...(stepsByUrl.get(url) ?? []), ...(alert.line === undefined ? [] : [stepOf(alert)])]);
  }
  for (const panel of Object.values(dashboards).flatMap(panelsOf)) {
    const allowed = (panel.links ?? []).flatMap(({ url }) => stepsByUrl.get(url) ?? [Number.NaN]);
    const drawn = (panel.fieldConfig?.defaults.thresholds?.steps ?? []).flatMap(({ value }) => value ?? []);
    for (const value of drawn) expect(allowed, panel.title).toContain(value);
    expect(drawn.length > 0, `${panel.title}: a line`).toBe(allowed.length > 0);
  }
});
