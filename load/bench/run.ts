import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describeEnvironment } from './environment.ts';
import { keepResult } from './results.ts';
import type { Row } from './row.ts';

// npm run bench: every benchmark, one after the other, each in a process of its own; load/RESULTS.md and load/results.json get
// what they measured. npm run bench -- NAME does the same for one. With arguments of its own a benchmark is only tried out:
// what it prints is not kept.

const BENCHMARKS = [
  'cached-search',
  'cached-search-redis',
  'uncached-search',
  'search-index',
  'search-index-database',
  'fast-lane',
  'bookings',
  'replay-key',
  'oversell',
  'events',
  'streams',
  'memory',
  'start',
  'warming',
  'telemetry',
];

/** What the benchmark answered; null when it failed. */
const runOne = async (name: string, args: string[]): Promise<Row[] | null> => {
  const child = fork(fileURLToPath(new URL('one.ts', import.meta.url)), [name, ...args]);
  let rows: Row[] | null = null;
  child.on('message', (message) => {
    rows = message as Row[];
  });
  const [code] = await once(child, 'exit');
  return code === 0 ? rows : null;
};

const [asked, ...args] = process.argv.slice(2);
const names = asked === undefined ? BENCHMARKS : BENCHMARKS.filter((name) => name === asked);
if (!names.length) {
  console.error(`There is no such benchmark. Give one of: ${BENCHMARKS.join(', ')}.`);
  process.exitCode = 2;
}
for (const name of names) {
  console.log(`\n== ${name}`);
  const environment = await describeEnvironment();
  const rows = await runOne(name, args);
  for (const { what, measured, bar, met } of rows ?? [])
    console.log(`${what}: ${measured}${bar === null ? '' : ` (bar: ${bar}, ${met ? 'met' : 'MISSED'})`}`);
  if (rows === null) {
    console.error(`${name} failed`);
    process.exitCode = 1;
  } else if (!args.length) await keepResult({ name, environment, rows }, BENCHMARKS);
}
