import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Environment } from './environment.ts';
import type { Row } from './row.ts';

export interface Result {
  name: string;
  environment: Environment;
  rows: Row[];
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const JSON_FILE = at('../results.json');
const TABLE_FILE = at('../RESULTS.md');
const NOTES_FILE = at('notes.md');

const ABOUT = `# What was measured

Written by \`npm run bench\`, which runs baseline and product in turns and takes medians; \`npm run bench -- NAME\` renews one
benchmark's rows. Ratios count; absolute figures depend on the machine. A bar that is missed stays in the table, and the
[notes](#notes) say where the time goes. The figures as JSON: [results.json](results.json).
`;

const cell = (text: string): string => text.replaceAll('|', '\\|');
const verdict = ({ met }: Row): string => (met === null ? '' : met ? 'met' : '**missed**');

const tableOf = (results: readonly Result[]): string => {
  const lines = results.flatMap(({ name, environment, rows }) =>
    rows.map((row, i) => {
      const command = i === 0 ? `\`npm run bench -- ${name}\`` : '';
      const cells = [row.what, command, row.measured, row.bar ?? '', verdict(row), i === 0 ? environment.date : ''];
      return `| ${cells.map(cell).join(' | ')} |`;
    }),
  );
  return ['| what | command | measured | bar | | on |', '|---|---|---|---|---|---|', ...lines].join('\n');
};

const machineOf = ({ environment: e }: Result): string =>
  `Node ${e.node}, PostgreSQL ${e.postgresql}, Redis ${e.redis}, Linux ${e.kernel}, ${e.processors}, ${e.memory}`;

/** Each machine with what ran on it, and how busy it was before. */
const machinesOf = (results: readonly Result[]): string =>
  [...Map.groupBy(results, machineOf)]
    .map(([machine, on]) => {
      const loads = on.map(({ name, environment }) => `${name} ${environment.loadBefore}`).join(', ');
      return `${machine}. Load average before each: ${loads}.`;
    })
    .join('\n\n');

const readResults = async (): Promise<Result[]> => {
  try {
    return JSON.parse(await readFile(JSON_FILE, 'utf8')) as Result[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

/** Puts a benchmark's result in place of its last one, in the given order of names, and writes JSON and table anew. */
export const keepResult = async (result: Result, order: readonly string[]): Promise<void> => {
  const others = (await readResults()).filter(({ name }) => name !== result.name && order.includes(name));
  const results = [...others, result].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  await writeFile(JSON_FILE, `${JSON.stringify(results, null, 2)}\n`);
  const notes = await readFile(NOTES_FILE, 'utf8');
  await writeFile(TABLE_FILE, `${ABOUT}\n${tableOf(results)}\n\n${machinesOf(results)}\n\n${notes}`);
};
