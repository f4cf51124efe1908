import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { imageArchitecture } from '../../image/archive.ts';
import { output } from '../../image/command.ts';
import { type Made, makeImages } from '../../image/image.ts';

const manifestSchema = z.tuple([
  z.object({ Config: z.string(), RepoTags: z.array(z.string()), Layers: z.array(z.string()) }),
]);
const configSchema = z.object({
  config: z.object({
    User: z.string(),
    Env: z.array(z.string()),
    Entrypoint: z.array(z.string()),
    Cmd: z.array(z.string()),
    Labels: z.record(z.string(), z.string()),
  }),
});

export interface Image {
  made: Made;
  config: z.infer<typeof configSchema>['config'];
  /** Every path in it. */
  files: string[];
  /** Where it lies unpacked. */
  root: string;
}

/** Makes the image, and unpacks what came out as a runtime would. */
export const makeImage = async (folder: string, name: string): Promise<Image> => {
  const architecture = imageArchitecture();
  if (!architecture) throw new Error('Images are made on Linux, on x64 or arm64.');
  const file = join(folder, `${name}.tar`);
  const [made] = await makeImages([{ file, name: `innkeeper:${name}`, revision: 'abc123' }], architecture);
  if (!made) throw new Error('No image was made.');
  const parts = join(folder, name);
  const root = join(parts, 'root');
  await mkdir(root, { recursive: true });
  await output('tar', ['--extract', '--file', file, '--directory', parts]);
  const [manifest] = manifestSchema.parse(JSON.parse(await readFile(join(parts, 'manifest.json'), 'utf8')));
  const { config } = configSchema.parse(JSON.parse(await readFile(join(parts, manifest.Config), 'utf8')));
  const files: string[] = [];
  for (const layer of manifest.Layers) {
    files.push(
      ...(await output('tar', ['--list', '--file', join(parts, layer)])).split('\n').map((path) => path.slice(1)),
    );
    await output('tar', ['--extract', '--no-same-owner', '--file', join(parts, layer), '--directory', root]);
  }
  return { made, config, files, root };
};
