/**
 * npm run simulate:hpa: pods, times and refusals for each way to scale, over each trace: SVGs and README.md of this folder. The same
 * each time; --check writes nothing, and ends with status 1 when they are not up to date. With --measure it measures the
 * database first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const ROUNDS = 3;
const MEASURED_MS = 2_000;
/** A day has fewer points an hour. */
const LONG_MINUTES = 300;

const { values } = parseArgs({
  options: { measure: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
});
if (values.measure) {
  const { measure } = await import('./measure.ts');
  const measured = await measure(ROUNDS, MEASURED_MS);
  writeFileSync(new URL('measured.json', import.meta.url), `${JSON.stringify(measured, null, 2)}\n`);
}

const [{ modes }, { chartOf }, { readmeOf }, { traces }, { simulate }] = await Promise.all([
  import('./modes.ts'),
  import('./report/chart.ts'),
  import('./report/readme.ts'),
  import('./service/traces.ts'),
  import('./simulate.ts'),
]);
const runs = traces.map((trace) =>
  modes.map((mode) => simulate(trace, mode, trace.minutes > LONG_MINUTES ? LONG_MINUTES : 30)),
);
const files = new Map([
  ...runs.map((all, index): [string, string] => [`${traces[index]?.name}.svg`, chartOf(all)]),
  ['README.md', readmeOf(runs)],
]);
for (const [name, text] of files) {
  const file = new URL(name, import.meta.url);
  if (!values.check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`load/hpa/${name} is not up to date. Run: npm run simulate:hpa`);
    process.exitCode = 1;
  }
}
