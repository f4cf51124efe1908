import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chartOf } from './chart.ts';
import { type Figures, grouped } from './figures.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const CHART_FILE = at('../../oversell.svg');
const README_FILE = at('../../../README.md');
const BEGIN = '<!-- oversell: written by npm run bench -- oversell -->';
const END = '<!-- /oversell -->';

const tableOf = (ways: readonly Figures[], ours: string): string => {
  const lines = ways.map(({ name, rate, p99Ms, retries, nightsOversold }) => {
    const oversold = nightsOversold > 0 ? `**${grouped(nightsOversold)}**` : '0';
    const cells = [
      name === ours ? `**${name}**` : name,
      grouped(rate),
      `${grouped(p99Ms)} ms`,
      grouped(retries),
      oversold,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| way | requests/s | p99 | retries per 1 000 | nights oversold |', '|---|--:|--:|--:|--:|', ...lines].join(
    '\n',
  );
};

/** Draws load/oversell.svg and puts the table between its marks in the README. */
export const publish = async (ways: readonly Figures[], ours: string, about: string): Promise<void> => {
  await writeFile(CHART_FILE, chartOf(ways, ours, about));
  const readme = await readFile(README_FILE, 'utf8');
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md has no ${BEGIN} and ${END}.`);
  const before = readme.slice(0, begin + BEGIN.length);
  await writeFile(README_FILE, `${before}\n\n${tableOf(ways, ours)}\n\n${readme.slice(end)}`);
};
