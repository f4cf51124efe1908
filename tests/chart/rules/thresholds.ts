import { isDeepStrictEqual } from 'node:util';
import { thresholds } from '../../../helm/src/rules/thresholds.ts';
import { template } from '../rendering/helm.ts';
import { overridden } from '../rendering/overridden.ts';
import { valuesOf } from '../rendering/value-sets.ts';
import { lintFaults } from './promtool.ts';
import { type Groups, nameOfRule, renderedGroups, rulesOf, shippedGroups } from './rendered.ts';

/** Another number, of a form that the expression has nowhere else. */
const changed = (value: number): number => Number((value * 0.7 + 0.000_123).toPrecision(6));

/** Where rules are otherwise than shipped. */
export const unlikeShipped = (groups: Groups): string[] => {
  const shipped = shippedGroups();
  const names = (all: Groups) => all.map(({ name, rules }) => `${name}: ${rules.map(nameOfRule).join(' ')}`);
  if (!isDeepStrictEqual(names(groups), names(shipped)))
    return [`rendered are the groups\n${names(groups).join('\n')}\nand shipped are\n${names(shipped).join('\n')}`];
  const rendered = rulesOf(groups);
  return rulesOf(shipped).flatMap((rule, index) =>
    isDeepStrictEqual(rendered[index], rule)
      ? []
      : [
          `${nameOfRule(rule)} is rendered as\n${JSON.stringify(rendered[index])}\nand shipped as\n${JSON.stringify(rule)}`,
        ],
  );
};

/** What is wrong where each threshold is changed: numbers that did not arrive, rules that changed beside, and what promtool says. */
export const changedFaults = async (): Promise<string[]> => {
  const groups = await renderedGroups({
    thresholds: Object.fromEntries(thresholds.map(({ name, value }) => [name, changed(value)])),
  });
  const lost = thresholds.flatMap(({ name, rule, value }) =>
    rulesOf(groups)
      .filter((found) => nameOfRule(found) === rule && !found.expr.includes(String(changed(value))))
      .map(({ expr }) => `thresholds.${name} ${changed(value)} is not in ${rule}: ${expr}`),
  );
  const meant = new Set(thresholds.map(({ rule }) => rule));
  const shipped = rulesOf(shippedGroups());
  const beside = rulesOf(groups)
    .filter((rule, index) => !meant.has(nameOfRule(rule)) && !isDeepStrictEqual(rule, shipped[index]))
    .map((rule) => `${nameOfRule(rule)} has changed with thresholds of others: ${rule.expr}`);
  const places = /\$\{/.test(JSON.stringify(groups)) ? ['places are left in the rendered rules'] : [];
  return [...lost, ...beside, ...places, ...(await lintFaults(groups))];
};

/** What is wrong where each alert is switched off. */
export const disabledFaults = async (): Promise<string[]> => {
  const alerts = rulesOf(shippedGroups()).flatMap(({ alert }) => alert ?? []);
  const left = rulesOf(await renderedGroups({ disabled: [...new Set(alerts)] }));
  const records = rulesOf(shippedGroups()).flatMap(({ record }) => record ?? []);
  return isDeepStrictEqual(left.map(nameOfRule), records)
    ? []
    : [`with all alerts switched off there are ${left.map(nameOfRule).join(', ')}`];
};

const refused = [
  { what: 'PromQL for a number', rules: { thresholds: { poolUsed: '0.5 or vector(1)' } }, says: /poolUsed/ },
  { what: 'an unknown threshold', rules: { thresholds: { poolsUsed: 0.5 } }, says: /poolsUsed/ },
  { what: 'an unknown alert', rules: { disabled: ['PoolsNearlyFull'] }, says: /disabled/ },
  { what: 'another severity', rules: { alertLabels: { severity: 'none' } }, says: /alertLabels|severity/ },
];

/** What should be refused, by its name, and is not. */
export const takenAnyway = async (): Promise<string[]> => {
  const answers = await Promise.all(
    refused.map(async ({ what, rules, says }) => {
      const { status, stderr } = await template(overridden(valuesOf('production'), { monitoring: { rules } }));
      return status !== 0 && says.test(stderr) ? [] : [`${what} is not refused by name: ${stderr || 'it is rendered'}`];
    }),
  );
  return answers.flat();
};
