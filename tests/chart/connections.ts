import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { missingPrograms } from '../../prometheus/src/programs.ts';
import { cases } from './connections/cases.ts';
import { tableOf } from './connections/table.ts';

// node tests/chart/connections.ts [--write]: which connections the NetworkPolicies leave, against the table in connections.md.

const FILE = join(import.meta.dirname, 'connections.md');

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

const missing = missingPrograms(['helm']);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(2);
}

const now = await tableOf(cases);
if (values.write) writeFileSync(FILE, now);

/** The lines that one text has and the other has not, with the headings that they stand under. */
const linesOnlyIn = (text: string, other: string): string[] => {
  const under = (all: string) => {
    let heading = '';
    return all.split('\n').map((line) => {
      if (line.startsWith('## ')) heading = line.slice(3);
      return `${heading}: ${line}`;
    });
  };
  const known = new Set(under(other));
  return under(text).filter((line) => !known.has(line));
};

const expected = readFileSync(FILE, 'utf8');
if (now !== expected) {
  console.error('The policies leave other connections than tests/chart/connections.md says.');
  for (const line of linesOnlyIn(expected, now)) console.error(`- ${line}`);
  for (const line of linesOnlyIn(now, expected)) console.error(`+ ${line}`);
  console.error('Where they are meant: node tests/chart/connections.ts --write');
  process.exitCode = 1;
}
