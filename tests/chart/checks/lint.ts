import { basename } from 'node:path';
import type { Check } from '../check.ts';
import { execute } from '../execute.ts';
import { CHART } from '../rendering/helm.ts';
import { CI_FILES } from '../rendering/value-sets.ts';

export const lint: Check = {
  name: 'helm lint --strict',
  programs: ['helm'],
  run: () =>
    Promise.all(
      CI_FILES.map(async (file) => {
        const { status, stdout, stderr } = await execute('helm', ['lint', '--strict', CHART, '--values', file]);
        return { name: basename(file), faults: status === 0 ? [] : [`${stdout}${stderr}`.trim()] };
      }),
    ),
};
