import { parseArgs } from 'node:util';
import { isOnPath, missingPrograms } from '../../prometheus/src/programs.ts';
import type { Check } from './check.ts';
import { checks } from './checks.ts';
import { countOf, failuresOf, type Result, writeResults } from './results.ts';

// npm run test:chart [-- WORD...]: checks whose name has one of the words, or all of them. Needs no cluster.
// --outputFile.json=PATH also writes the results as vitest's JSON reporter does.

const { values, positionals } = parseArgs({
  options: { 'outputFile.json': { type: 'string' }, reporter: { type: 'string', multiple: true } },
  allowPositionals: true,
});
const words = positionals.map((word) => word.toLowerCase());
const chosen = checks.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
);

const canRun = ({ programs }: Check) => programs.every((program) => isOnPath(program));
const needed = chosen.filter(({ optional }) => !optional).flatMap(({ programs }) => programs);
const missing = missingPrograms([...new Set(needed)]);
if (missing.length > 0 || chosen.length === 0) {
  console.error(missing.join('\n') || `No check has one of these words in its name: ${words.join(', ')}`);
  process.exit(2);
}

const run = async ({ name, run: find }: Check): Promise<Result> => {
  const begun = performance.now();
  const result: Result = await find().then(
    (outcomes) => ({ name, outcomes, error: '' }),
    (error: unknown) => ({ name, outcomes: [], error: error instanceof Error ? error.message : String(error) }),
  );
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const { passed, failed } = countOf([result]);
  console.log(`${failed > 0 ? `FAILED ${failed} of` : 'ok'} ${passed + failed}\t${seconds} s\t${name}`);
  return result;
};

const results = await Promise.all(chosen.filter(canRun).map(run));

for (const result of results) {
  if (result.error) console.error(`\n${result.name}: ${result.error}`);
  for (const { name, faults } of failuresOf(result))
    console.error(`\n${result.name}: ${name}\n  ${faults.join('\n  ')}`);
}
for (const { name, programs } of chosen.filter((check) => !canRun(check))) {
  console.log(`NOT RUN: ${name}. ${missingPrograms(programs).join(' ')}`);
}
const path = values['outputFile.json'];
if (path !== undefined) writeResults(path, results);
const { passed, failed } = countOf(results);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
