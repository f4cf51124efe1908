/**
 * Writes the chart's files/rules from prometheus/rules, with places for values where the thresholds are. With --check it writes
 * nothing, and ends with status 1 when they, or the thresholds and alerts that values.yaml and its schema name, are not up to date.
 */
import { filesOf, writeOrCheck } from './files.ts';
import { chartRules, placeOf } from './rules/render.ts';
import { thresholds } from './rules/thresholds.ts';
import { valueFaults } from './rules/values.ts';

const SHIPPED = new URL('../../prometheus/rules/', import.meta.url);
const shipped = filesOf(SHIPPED, '.yaml');
const alerts = shipped.flatMap(([, text]) => [...text.matchAll(/^ *- alert: (\S+)$/gm)].map(([, name = '']) => name));

const made = new Map(shipped.map(([name, text]) => [name, chartRules(`prometheus/rules/${name}`, text, thresholds)]));
const all = [...made.values()].join('');
const nowhere = thresholds.filter(({ name }) => !all.includes(placeOf(name)));

writeOrCheck(new URL('../innkeeper/files/rules/', import.meta.url), made, 'node helm/src/rules.ts', [
  ...nowhere.map(({ name, rule }) => `threshold ${name}: there is no rule ${rule}`),
  ...valueFaults(alerts),
]);
