import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { missingPrograms } from '../../prometheus/src/programs.ts';
import type { Fault } from './fault.ts';
import { type Lane, lanes } from './lanes.ts';
import { takePrecedence } from './precedence.ts';
import { type Outcome, runFault } from './run-fault.ts';
import { runHealthy } from './run-healthy.ts';
import { budgetFindings } from './slow-burn.ts';
import { setStage } from './stage.ts';
import { describe, writeTable } from './table.ts';

// npm run test:alerts [-- --at-once LANES] [WORD...]: faults whose name or alerts hold one of the words (`healthy` and `slow burn`
// are words too), or all of them. What went as expected is written into the table of prometheus/README.md.

const HOUR_MS = 60_000;

const { values, positionals } = parseArgs({ options: { 'at-once': { type: 'string' } }, allowPositionals: true });
// Most of the time lanes wait.
const atOnce = Number(values['at-once'] ?? availableParallelism() + 1);
const words = positionals.map((word) => word.toLowerCase());
const wanted = (...texts: string[]) =>
  words.length === 0 || words.some((word) => texts.some((text) => text.toLowerCase().includes(word)));

const missing = missingPrograms(['prometheus', 'promtool', 'alertmanager', 'redis-server', 'redis-cli', 'psql']);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(2);
}

const stepBack = takePrecedence();
process.on('exit', stepBack);

const stopping = new AbortController();
const { signal } = stopping;
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopping.abort(new Error(name)));

const outcomes = new Map<Fault, Outcome>();
const failures: string[] = [];
const report = (what: string, findings: readonly string[]) => {
  failures.push(...findings.map((finding) => `${what}: ${finding}`));
  console.log([`${findings.length ? 'FAILED' : 'ok'} ${what}`, ...findings].join('\n  '));
};

const runLane = async ({ name, healthy, faults }: Lane): Promise<void> => {
  const chosen = faults.filter((fault) => wanted(fault.name, ...fault.fires));
  const quiet = healthy && wanted('healthy');
  if (chosen.length === 0 && !quiet) return;
  await using opened = new AsyncDisposableStack();
  const stage = await setStage(opened);
  if (quiet) report('an hour of healthy load', await runHealthy(stage, HOUR_MS, { folder: 'healthy', signal }));
  for (const [index, fault] of chosen.entries()) {
    const impossible = fault.impossible?.();
    if (impossible) {
      console.log(`left out: ${fault.name}: ${impossible}`);
      continue;
    }
    const outcome = await runFault(stage, fault, { folder: `${name}-${index}`, signal });
    outcomes.set(fault, outcome);
    failures.push(...outcome.findings.map((finding) => `${fault.name}: ${finding}`));
    console.log(describe(outcome));
  }
};

const work = lanes.map((lane) => () => runLane(lane));
if (wanted('slow burn')) {
  work.push(async () => report('a slow burn through three days, at true length', await budgetFindings(signal)));
}
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let next = work.shift(); next && !signal.aborted; next = work.shift()) {
      await next().catch((error: unknown) =>
        failures.push(error instanceof Error ? String(error.stack) : String(error)),
      );
    }
  }),
);

const asExpected = new Map([...outcomes].filter(([, { findings }]) => findings.length === 0));
const faults = lanes.flatMap((lane) => lane.faults);
await writeTable(faults, asExpected);

if (failures.length > 0) {
  console.error(`\n${failures.length} findings:\n${failures.join('\n')}`);
  process.exitCode = 1;
}
// All that was started has ended by now; connections that were kept alive are not waited for.
process.exit();
