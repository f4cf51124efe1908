import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { output } from './command.ts';

/** The same files make the same archive: sorted, without owners, times or this machine's permissions. */
const REPRODUCIBLE = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];
const READABLE = '--mode=u=rwX,go=rX';

export interface Layer {
  name: string;
  file: string;
  digest: string;
  bytes: number;
}

export interface ImageConfig {
  architecture: 'amd64' | 'arm64';
  config: Record<string, unknown>;
}

/** This machine, as images name it; null where no image can be made of its programs. */
export const imageArchitecture = (): ImageConfig['architecture'] | null => {
  if (process.platform !== 'linux') return null;
  return process.arch === 'x64' ? 'amd64' : process.arch === 'arm64' ? 'arm64' : null;
};

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
};

/** Packs a folder into a layer; what is to be open to all users is named apart. */
export const packLayer = async (
  name: string,
  folder: string,
  into: string,
  openToAll: string[] = [],
): Promise<Layer> => {
  const file = join(into, `${name}.tar`);
  const closed = openToAll.map((path) => `--exclude=./${path}`);
  await output('tar', ['--create', '--file', file, ...REPRODUCIBLE, READABLE, ...closed, '--directory', folder, '.']);
  for (const path of openToAll)
    await output('tar', [
      '--append',
      '--file',
      file,
      ...REPRODUCIBLE,
      '--mode=1777',
      '--directory',
      folder,
      `./${path}`,
    ]);
  return { name, file, digest: await digestOf(file), bytes: (await stat(file)).size };
};

/** Writes an archive as `docker save` does, which every runtime can load; answers the image's digest. The layers lie in `scratch`. */
export const writeArchive = async (
  target: string,
  reference: string,
  { architecture, config }: ImageConfig,
  layers: readonly Layer[],
  scratch: string,
): Promise<string> => {
  const text = JSON.stringify({
    architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
    history: layers.map(({ name }) => ({ created: '1970-01-01T00:00:00Z', created_by: `innkeeper image: ${name}` })),
  });
  const digest = createHash('sha256').update(text).digest('hex');
  await writeFile(join(scratch, `${digest}.json`), text);
  const files = layers.map(({ file }) => basename(file));
  const manifest = [{ Config: `${digest}.json`, RepoTags: [reference], Layers: files }];
  await writeFile(join(scratch, 'manifest.json'), JSON.stringify(manifest));
  const parts = ['manifest.json', `${digest}.json`, ...files];
  await output('tar', ['--create', '--file', target, ...REPRODUCIBLE, READABLE, '--directory', scratch, ...parts]);
  return digest;
};
