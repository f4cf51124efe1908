import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}

/** What examples import here, and what from the package. */
const ENTRIES = { "'../index.ts'": "'@innkeeper/client'", "'../webhooks.ts'": "'@innkeeper/client/webhooks'" };

const PARTS = ['@trpc/client', '@trpc/server', 'standardwebhooks'];

const readJson = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;

/** Puts beside the compiled code what npm publishes with it, examples included; version and dependencies follow the server's. */
export const writePackageFiles = async (root: string, packageDir: string): Promise<void> => {
  const source = join(root, 'src/client');
  const server = await readJson<Manifest>(join(root, 'package.json'));
  const template = await readJson<Record<string, unknown>>(join(source, 'package.json'));
  const dependencies = Object.fromEntries(PARTS.map((name) => [name, `^${server.dependencies[name]}`]));
  const manifest = { ...template, version: server.version, dependencies };
  await writeFile(join(packageDir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await mkdir(join(packageDir, 'examples'));
  for (const name of await readdir(join(source, 'examples'))) {
    let example = await readFile(join(source, 'examples', name), 'utf8');
    for (const [here, published] of Object.entries(ENTRIES)) example = example.replaceAll(here, published);
    await writeFile(join(packageDir, 'examples', name), example);
  }
  await copyFile(join(source, 'README.md'), join(packageDir, 'README.md'));
  await copyFile(join(root, 'LICENSE'), join(packageDir, 'LICENSE'));
};
