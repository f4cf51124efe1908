import { expect, it } from 'vitest';
import { readRules } from '../../observability/rules.ts';
import { blocksOf, readRunbooks } from '../../observability/runbooks.ts';
import { knownSeries, unknownIn } from '../../observability/unknown-series.ts';

const SECTIONS = ['Meaning', 'Impact', 'Look here first', 'Mend', 'Prevent'];
/** Worth a page without an alert: nobody need be woken for it. */
const WITHOUT_ALERT = ['HighCpu'];

const runbooks = readRunbooks();
const known = knownSeries();

it('there is one for each alert, and none for what is none', () => {
  const alerts = new Set(readRules().flatMap(({ alert }) => alert ?? []));
  expect(runbooks.map(({ name }) => name).sort()).toEqual([...alerts, ...WITHOUT_ALERT].sort());
});

it.each(runbooks)('$name has its five sections, none of them empty', ({ sections }) => {
  expect([...sections.keys()]).toEqual(SECTIONS);
  for (const text of sections.values())
    expect(text.replaceAll(/^```.*?^```$/gms, '').trim().length).toBeGreaterThan(20);
});

it.each(runbooks)('$name begins with a query, and mends by a command', (runbook) => {
  expect(blocksOf(runbook, 'Look here first', 'promql')[0]).toMatch(/\w/);
  expect(blocksOf(runbook, 'Mend', 'sh')[0]).toMatch(/\w/);
});

it.each(runbooks)('the queries of $name ask for nothing that nobody exposes', (runbook) => {
  const queries = blocksOf(runbook, 'Look here first', 'promql');
  expect(queries.flatMap((query) => unknownIn(query, known))).toEqual([]);
});

it.each(runbooks)('the links of $name lead to runbooks', ({ sections }) => {
  const targets = [...sections.values()].flatMap((text) =>
    [...text.matchAll(/\]\((\w+)\.md\)/g)].map(([, name]) => name),
  );
  expect(runbooks.map(({ name }) => name)).toEqual(expect.arrayContaining(targets));
});
