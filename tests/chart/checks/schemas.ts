import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Check, Outcome } from '../check.ts';
import { execute } from '../execute.ts';
import { renderedText, valueSets } from '../rendering/value-sets.ts';
import { coreSchemas } from '../schemas/core.ts';
import { customResourceSchemas } from '../schemas/custom-resources.ts';
import { KUBERNETES_VERSIONS } from '../schemas/sources.ts';

const report = z.object({
  resources: z.array(z.object({ filename: z.string(), kind: z.string(), name: z.string(), msg: z.string() })).nullish(),
});

/** What kubeconform says of the files in a folder, by file. */
const faultsIn = async (
  folder: string,
  version: string,
  locations: readonly string[],
): Promise<Map<string, string[]>> => {
  const args = ['-strict', '-output', 'json', '-kubernetes-version', version];
  const { status, stdout, stderr } = await execute('kubeconform', [
    ...args,
    ...locations.flatMap((location) => ['-schema-location', location]),
    folder,
  ]);
  if (status !== 0 && !stdout) throw new Error(stderr.trim());
  const found = new Map<string, string[]>();
  for (const { filename, kind, name, msg } of report.parse(JSON.parse(stdout)).resources ?? []) {
    const file = basename(filename);
    found.set(file, [...(found.get(file) ?? []), `${kind}/${name}: ${msg}`]);
  }
  return found;
};

export const schemas: Check = {
  name: 'kubeconform',
  programs: ['helm', 'kubeconform', 'go', ...(process.env.KUBERNETES_SCHEMAS ? [] : (['python3'] as const))],
  async run() {
    const locations = await Promise.all([coreSchemas(), customResourceSchemas()]);
    const folder = await mkdtemp(join(tmpdir(), 'innkeeper-chart-'));
    try {
      const fileOf = (index: number) => `${index}.yaml`;
      const unrendered = await Promise.all(
        valueSets.map(async (set, index) => {
          const text = renderedText(set);
          return text.then(
            (manifests) => writeFile(join(folder, fileOf(index)), manifests),
            (error: unknown) => [error instanceof Error ? error.message : String(error)],
          );
        }),
      );
      const outcomes = await Promise.all(
        KUBERNETES_VERSIONS.map(async (version): Promise<Outcome[]> => {
          const faults = await faultsIn(folder, version, locations);
          return valueSets.map(({ name }, index) => ({
            name: `${name}, Kubernetes ${version}`,
            faults: unrendered[index] ?? faults.get(fileOf(index)) ?? [],
          }));
        }),
      );
      return outcomes.flat();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
