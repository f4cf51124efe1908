import { readFile, writeFile } from 'node:fs/promises';
import type { Fault } from './fault.ts';
import { SCALE } from './monitoring.ts';
import { promtoolOnly } from './promtool-only.ts';
import type { Outcome } from './run-fault.ts';

const README = new URL('../../prometheus/README.md', import.meta.url);
const BEGIN = '<!-- Written by `npm run test:alerts`. -->';
const END = '<!-- Until here. -->';

const firedIn = ({ fault, fired }: Outcome, names: readonly string[], separator: string): string =>
  names
    .filter((name) => fired.has(name))
    .map((name) => `${name} ${fired.get(name)} s${fault.inhibited?.includes(name) ? ' (inhibited)' : ''}`)
    .join(separator);

const symptomsOf = ({ fault, fired }: Outcome): string[] =>
  [...fired.keys()].filter((name) => !fault.fires.includes(name));

/** For whoever watches the run. */
export const describe = (outcome: Outcome): string => {
  const { fault, resolvedSeconds, mendedBy, findings } = outcome;
  const symptoms = symptomsOf(outcome);
  return [
    `${findings.length ? 'FAILED' : 'ok'} ${fault.name}`,
    `  fired: ${firedIn(outcome, fault.fires, ', ')}${symptoms.length ? `; with them: ${firedIn(outcome, symptoms, ', ')}` : ''}`,
    `  all over ${resolvedSeconds} s after the mend (${mendedBy})`,
    ...findings.map((finding) => `  ${finding}`),
  ].join('\n');
};

const runbookLink = (name: string): string => `[${name}](runbooks/${name})`;

const rowOf = (outcome: Outcome): string => {
  const { fault, mendedBy, resolvedSeconds } = outcome;
  const mend = mendedBy === 'undone' ? mendedBy : mendedBy.split(', ').map(runbookLink).join(', ');
  const cells = [
    ...[fault.name, firedIn(outcome, fault.fires, '<br>'), firedIn(outcome, symptomsOf(outcome), '<br>')],
    ...[`${resolvedSeconds} s`, mend],
  ];
  return `| ${cells.join(' | ')} |`;
};

const HEAD = [
  '| fault | alerts that have to fire | symptoms that fired too | resolved after | mended by |',
  '|---|---|---|---|---|',
];

const tableOf = (rows: readonly string[]): string =>
  [
    `Time ran ${SCALE.factor} times faster: a minute of a rule was a second, ${SCALE.leastMs / 1_000} s (four scrapes) at least. Thresholds are not scaled.`,
    'Seconds to fire count from the fault; those until all are resolved from the mend.',
    '',
    ...HEAD,
    ...rows,
    '',
    'Only promtool tests these:',
    '',
    ...Object.entries(promtoolOnly).map(([name, reason]) => `- ${name}: ${reason}.`),
  ].join('\n');

/** Writes what happened into prometheus/README.md, between the marks: rows of these faults anew, those of the other ones as they were. */
export const writeTable = async (faults: readonly Fault[], outcomes: ReadonlyMap<Fault, Outcome>): Promise<void> => {
  const text = await readFile(README, 'utf8');
  const [before = '', rest = ''] = text.split(BEGIN);
  const [written = '', after] = rest.split(END);
  if (after === undefined) throw new Error('prometheus/README.md lacks the marks');
  const kept = written.split('\n');
  const rows = faults.flatMap((fault) => {
    const outcome = outcomes.get(fault);
    return outcome ? rowOf(outcome) : kept.filter((line) => line.startsWith(`| ${fault.name} |`));
  });
  await writeFile(README, `${before}${BEGIN}\n\n${tableOf(rows)}\n\n${END}${after}`);
};
