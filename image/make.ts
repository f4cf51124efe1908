import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { imageArchitecture } from './archive.ts';
import { output } from './command.ts';
import { makeImages } from './image.ts';

// npm run image -- OUT.tar: the image that the Dockerfile describes, made without an image builder, of this machine's own Node
// and C library. The same input makes the same image.

const USAGE = 'Usage: npm run image -- OUT.tar [--name innkeeper:dev] [--revision COMMIT]';

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

const commit = async (): Promise<string> => {
  const folder = resolve(import.meta.dirname, '..');
  return (await output('git', ['rev-parse', 'HEAD'], folder).catch(() => 'unknown')).trim();
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string', default: `innkeeper:${manifest.version}` }, revision: { type: 'string' } },
});
const [file, ...rest] = positionals;
const architecture = imageArchitecture();
if (!file || rest.length) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (!architecture) {
  const here = `${process.platform}-${process.arch}`;
  console.error(
    `The image is made of this machine’s own programs: Linux on x64 or arm64, not ${here}. Use docker build.`,
  );
  process.exitCode = 2;
} else {
  const wanted = { file, name: values.name, revision: values.revision ?? (await commit()) };
  for (const { name, digest, layers } of await makeImages([wanted], architecture)) {
    for (const layer of layers) console.log(`${layer.name.padEnd(8)} ${megabytes(layer.bytes).padStart(9)}`);
    const bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
    console.log(`${name} in ${file}: ${megabytes(bytes)}, sha256:${digest}`);
  }
}
