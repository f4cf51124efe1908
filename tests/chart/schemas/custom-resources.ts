import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { outputOf } from '../execute.ts';
import { cachedFolder } from './cache.ts';
import { type KindSchema, schemasOf } from './crd-schema.ts';
import { nginxGatewayFabric } from './nginx-gateway-fabric.ts';
import { type CrdSource, crdSources } from './sources.ts';

/** Counts on when they are to be written in another way. */
const FORMAT = 1;

const download = z.looseObject({ Dir: z.string() });

const schemasFrom = async ({ module, files }: CrdSource): Promise<KindSchema[]> => {
  // Outside of every Go module and workspace.
  const output = await outputOf('go', ['mod', 'download', '-json', module], {
    cwd: tmpdir(),
    env: { GOWORK: 'off', GOFLAGS: '-mod=mod' },
  });
  const { Dir } = download.parse(JSON.parse(output));
  const texts = await Promise.all(files.map((file) => readFile(join(Dir, file), 'utf8')));
  return texts.flatMap((text) => schemasOf(parse(text)));
};

const fill = async (folder: string): Promise<void> => {
  const found = await Promise.all(crdSources.map(schemasFrom));
  await Promise.all(
    [...found.flat(), ...nginxGatewayFabric].map(({ group, kind, version, schema }) =>
      writeFile(join(folder, `${group}-${kind.toLowerCase()}-${version}.json`), JSON.stringify(schema)),
    ),
  );
};

/** Where kubeconform finds the schemas of custom resources; downloads them the first time. */
export const customResourceSchemas = async (): Promise<string> => {
  const folder = await cachedFolder('custom-resources', [FORMAT, crdSources, nginxGatewayFabric], fill);
  return join(folder, '{{ .Group }}-{{ .ResourceKind }}-{{ .ResourceAPIVersion }}.json');
};
