import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractText } from './contract-text.ts';
import { writePackageFiles } from './package-files.ts';
import { readContract } from './read-contract.ts';

// node src/client/build/build.ts [FOLDER]: makes the package @innkeeper/client in FOLDER, dist/client unless given. The
// folder must lie in the repository, whose node_modules the compiler reads.

const root = fileURLToPath(new URL('../../..', import.meta.url));
const source = join(root, 'src/client');
const packageDir = join(root, relative(root, process.argv[2] ?? join(root, 'dist/client')));
const staged = join(packageDir, 'source');

/** Other tools than this repository's read the emitted modules and types: they want the names of the compiled files. */
const stage = (name: string, text: string): Promise<void> =>
  writeFile(join(staged, name), text.replaceAll(/ from '(\.\/[\w-]+)\.ts'/g, " from '$1.js'"));

const compile = (): void => {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', staged], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the client does not compile');
};

await rm(packageDir, { recursive: true, force: true });
await mkdir(staged, { recursive: true });
const modules = (await readdir(source)).filter((name) => name.endsWith('.ts') && name !== 'contract.ts');
for (const name of modules) await stage(name, await readFile(join(source, name), 'utf8'));
await stage('contract.ts', contractText(await readContract()));
await copyFile(join(source, 'build/tsconfig.package.json'), join(staged, 'tsconfig.json'));
compile();
await rm(staged, { recursive: true });
await writePackageFiles(root, packageDir);
console.log(`@innkeeper/client: ${relative(process.cwd(), packageDir)}`);
