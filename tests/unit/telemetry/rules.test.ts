import { expect, it } from 'vitest';
import { readRuleTests } from '../../observability/rule-tests.ts';
import { readRules } from '../../observability/rules.ts';
import { readRunbooks } from '../../observability/runbooks.ts';
import { knownSeries, unknownIn } from '../../observability/unknown-series.ts';

const RUNBOOKS = 'https://github.com/innkeeper-booking/innkeeper/blob/main/prometheus/runbooks/';
const PAGES =
  /^https:\/\/grafana\.example\.org\/d\/innkeeper-(overview|database|cache|ledger|runtime|jobs|kubernetes)$/;
/** Fires always; and what is absent fires when data is missing. */
const ALWAYS = 'Watchdog';
const BY_ABSENCE = 'InnkeeperAbsent';

const alerts = readRules().flatMap(({ alert, expr, labels = {}, annotations = {} }) =>
  alert ? [{ alert, expr, labels, annotations, window: labels.window ?? '' }] : [],
);
const tests = readRuleTests();
const books = readRunbooks().map(({ name }) => name);
const known = knownSeries();

it.each(alerts)('$alert $window says how grave it is, what it is, in numbers, and where to look', (rule) => {
  const { alert, labels, annotations } = rule;
  expect(labels.service).toBe('innkeeper');
  expect(labels.severity).toMatch(/^(critical|warning|info)$/);
  expect(labels.signal).toMatch(/^(symptom|cause)$/);
  if (alert !== ALWAYS) expect(annotations.summary).toMatch(/{{ \$value|\d/);
  expect(annotations.description).toMatch(/\w/);
  expect(annotations.dashboard_url).toMatch(PAGES);
  expect(annotations.runbook_url).toBe(`${RUNBOOKS}${alert}.md`);
  expect(books).toContain(alert);
});

it('two alerts of one name differ by their window', () => {
  const names = alerts.map(({ alert, window }) => `${alert} ${window}`);
  expect(new Set(names).size).toBe(names.length);
});

it.each(alerts.filter(({ alert }) => alert !== ALWAYS))(
  'promtool sees $alert $window quiet, pending, firing, quiet again and without data',
  ({ alert, window }) => {
    const runs = tests.map(({ states, losesData }) => ({
      losesData,
      states: states.filter((asked) => asked.alert === alert && asked.window === window).map(({ state }) => state),
    }));
    expect(runs.map(({ states }) => states.join(' '))).toContainEqual(
      expect.stringMatching(/^quiet pending firing quiet/),
    );
    if (alert === BY_ABSENCE) return;
    const without = runs.filter(({ losesData, states }) => losesData && states.length > 0);
    expect(without.map(({ states }) => states.slice(-2))).toContainEqual(['firing', 'quiet']);
  },
);

it.each(alerts)('promtool compares the labels and the numbers of $alert $window', ({ alert, window }) => {
  expect(tests.flatMap(({ compared }) => compared)).toContainEqual({ alert, window });
});

it.each(readRules().map(({ alert, record, expr }) => ({ name: alert ?? record, expr })))(
  '$name asks for nothing that nobody exposes',
  ({ expr }) => {
    expect(unknownIn(expr, known)).toEqual([]);
  },
);
