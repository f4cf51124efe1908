import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, Outcome } from '../check.ts';
import { execute } from '../execute.ts';
import { manifestsOf, ROOT } from '../rendering/helm.ts';
import { valuesOf } from '../rendering/value-sets.ts';

const VALUES = 'helm/innkeeper/ci/production-values.yaml';
const MOST_LINES = 25;

/** The first block of YAML of a page. */
const yamlBlock = (page: string): string | undefined => /^```yaml\n(.*?)^```$/ms.exec(page)?.[1];

/** The lines of a page that install the chart, without what they have behind them. */
const installLines = (page: string): string[] =>
  [...page.matchAll(/^helm install [^#\n]+/gm)].map(([line]) => line.trim());

/** The image that a page has built for the demo. */
const builtImage = (page: string): string => /^docker build --tag (\S+)/m.exec(page)?.[1] ?? 'none';

const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** Runs such a line as it stands, but that it renders instead of installing. */
const tried = async (line: string, production: string): Promise<Outcome> => {
  const [program = '', , ...args] = line.split(/ +/).map((word) => (word === 'production.yaml' ? production : word));
  const { status, stderr } = await execute(program, ['template', ...args], { cwd: ROOT });
  return { name: line, faults: status === 0 ? [] : [stderr.trim()] };
};

export const projectReadme: Check = {
  name: 'README.md: what it installs is what is tested',
  programs: ['helm'],
  async run() {
    const sources = [read('README.md'), read(VALUES), manifestsOf(valuesOf('demo'))] as const;
    const [page, values, demo] = await Promise.all(sources);
    const block = yamlBlock(page) ?? '';
    const lines = values.trimEnd().split('\n').length;
    const folder = await mkdtemp(join(tmpdir(), 'innkeeper-chart-'));
    try {
      const production = join(folder, 'production.yaml');
      await writeFile(production, block);
      return [
        { name: `is ${VALUES}`, faults: block === values ? [] : [`The first YAML block is not ${VALUES}.`] },
        {
          name: `${lines} lines of values`,
          faults: lines < MOST_LINES ? [] : [`${VALUES} has ${lines} lines, and is to have less than ${MOST_LINES}.`],
        },
        {
          name: `builds the demo's image, ${builtImage(page)}`,
          faults: demo.includes(`image: ${builtImage(page)}\n`) ? [] : ['No pod of the demo has it.'],
        },
        ...(await Promise.all(installLines(page).map((line) => tried(line, production)))),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
