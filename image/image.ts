import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { layPackages, laySource } from './application-files.ts';
import { type ImageConfig, type Layer, packLayer, writeArchive } from './archive.ts';
import { layRuntime, NODE, USER_ID } from './runtime-files.ts';

export interface Wanted {
  /** Where the archive goes. */
  file: string;
  /** What the image is called when it is loaded. */
  name: string;
  /** The commit that it was made of. */
  revision: string;
}

export interface Made extends Wanted {
  digest: string;
  layers: Layer[];
}

const project = resolve(import.meta.dirname, '..');

const configOf = (revision: string) => ({
  User: `${USER_ID}:${USER_ID}`,
  Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'NODE_ENV=production', 'HOST=0.0.0.0'],
  ExposedPorts: { '3000/tcp': {}, '9464/tcp': {} },
  Entrypoint: [NODE, '/app/src/cli/innkeeper.js'],
  Cmd: ['serve'],
  WorkingDir: '/app',
  StopSignal: 'SIGTERM',
  Labels: {
    'org.opencontainers.image.title': 'Innkeeper',
    'org.opencontainers.image.description': manifest.description,
    'org.opencontainers.image.licenses': manifest.license,
    'org.opencontainers.image.version': manifest.version,
    'org.opencontainers.image.revision': revision,
  },
});

const packLayers = async (scratch: string): Promise<Layer[]> => {
  const folder = async (part: string) => {
    const path = join(scratch, part);
    await mkdir(path);
    return path;
  };
  const runtime = await folder('runtime');
  await layRuntime(runtime, await realpath(process.execPath));
  await mkdir(join(runtime, 'tmp'));
  const packages = await folder('packages');
  await layPackages(project, packages);
  const source = await folder('source');
  await laySource(project, source);
  return [
    await packLayer('runtime', runtime, scratch, ['tmp']),
    await packLayer('packages', packages, scratch),
    await packLayer('source', source, scratch),
  ];
};

/** Makes images of the same files, one for each that is wanted. */
export const makeImages = async (
  wanted: readonly Wanted[],
  architecture: ImageConfig['architecture'],
): Promise<Made[]> => {
  const scratch = await mkdtemp(join(tmpdir(), 'innkeeper-image-'));
  try {
    const layers = await packLayers(scratch);
    const made: Made[] = [];
    for (const image of wanted) {
      const config = { architecture, config: configOf(image.revision) };
      const digest = await writeArchive(resolve(image.file), image.name, config, layers, scratch);
      made.push({ ...image, digest, layers });
    }
    return made;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
