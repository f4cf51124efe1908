import type { Outcome } from '../check.ts';
import type { Execution } from '../execute.ts';

/** A line for each thing that was looked at, as our own scripts and Node's test runner write them. */
const LINE = /^\s*(ok|FAILED|✔|✖) (.+?)(?: \([\d.]+ms\))?$/gm;
const SUITE = /^\s*▶ (.+)$/gm;
/** What comes after it repeats what has failed. */
const END = /^ℹ tests /m;

/** What a program has looked at by what it says; it as a whole where it does not say. */
export const toldOutcomes = (name: string, { status, stdout, stderr }: Execution): Outcome[] => {
  const [told = ''] = stdout.split(END);
  const suites = new Set([...told.matchAll(SUITE)].map(([, suite]) => suite));
  const lines = [...told.matchAll(LINE)].filter(([, , what]) => !suites.has(what));
  const isWell = (mark: string) => mark === 'ok' || mark === '✔';
  // Why it has failed is said around the lines, each in its own way.
  const said = [`${stdout}${stderr}`.trim()];
  const outcomes = lines.map(([, mark = '', what = '']) => ({ name: what, faults: isWell(mark) ? [] : said }));
  const explained = status === 0 || outcomes.some(({ faults }) => faults.length > 0);
  if (explained && outcomes.length > 0) return outcomes;
  return [...outcomes, { name, faults: status === 0 ? [] : said }];
};
