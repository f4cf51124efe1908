import { missingPrograms } from '../../prometheus/src/programs.ts';
import { lintFaults, testFaults } from './rules/promtool.ts';
import { wrongAnswers } from './rules/queries.ts';
import { renderedGroups } from './rules/rendered.ts';
import { changedFaults, disabledFaults, takenAnyway, unlikeShipped } from './rules/thresholds.ts';

// node tests/chart/rules.ts: the rendered PrometheusRule against prometheus/rules and by promtool, as it is and with values
// changed; and what the rendered ScaledObjects ask for.

const missing = missingPrograms(['helm', 'promtool']);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(2);
}

const groups = await renderedGroups();
const checks: [name: string, find: () => string[] | Promise<string[]>][] = [
  ['rendered with the defaults, the rules are those of prometheus/rules', () => unlikeShipped(groups)],
  ['promtool takes them', () => lintFaults(groups)],
  ['the tests of prometheus/tests hold of them', () => testFaults(groups)],
  ['each threshold arrives where it should, and nowhere else', changedFaults],
  ['each alert can be switched off', disabledFaults],
  ['what is no number, threshold or alert is refused', takenAnyway],
  ['autoscalers are told what they should be', wrongAnswers],
];
const found = await Promise.all(checks.map(async ([name, find]) => ({ name, faults: await find() })));
for (const { name, faults } of found) {
  console.log(`${faults.length === 0 ? 'ok' : 'FAILED'} ${name}`);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
