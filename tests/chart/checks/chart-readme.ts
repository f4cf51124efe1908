import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../check.ts';
import { outputOf } from '../execute.ts';
import { CHART } from '../rendering/helm.ts';

export const chartReadme: Check = {
  name: 'helm-docs: README.md of the chart is up to date',
  programs: ['helm-docs'],
  optional: true,
  async run() {
    const made = await outputOf('helm-docs', ['--chart-search-root', CHART, '--dry-run', '--log-level', 'warning']);
    const written = await readFile(join(CHART, 'README.md'), 'utf8');
    const same = made.trim() === written.trim();
    const faults = same
      ? []
      : ['It is not what helm-docs makes of it. Run: helm-docs --chart-search-root helm/innkeeper'];
    return [{ name: 'README.md', faults }];
  },
};
