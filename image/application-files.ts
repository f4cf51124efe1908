import { cp, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { output } from './command.ts';

const MANIFESTS = ['package.json', 'package-lock.json', '.npmrc'];
/** Read by compilers and debuggers only. */
const UNREAD = /\.(d\.[mc]?ts|map)$/;

/** Packages that others ask for, for whoever compiles against them. */
const ONLY_TYPES = ['typescript', '@types', 'undici-types'];

/** Takes away what nothing reads; answers whether the folder is empty then, and gone. */
const prune = async (folder: string): Promise<boolean> => {
  let left = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) left += (await prune(path)) ? 0 : 1;
    else if (entry.isFile() && UNREAD.test(entry.name)) await rm(path);
    else left += 1;
  }
  if (!left) await rmdir(folder);
  return !left;
};

/** The packages that production needs; neither Node nor PostgreSQL, which are optional ones for laptops. */
export const layPackages = async (project: string, root: string): Promise<void> => {
  const app = join(root, 'app');
  await mkdir(app, { recursive: true });
  for (const name of MANIFESTS) await cp(join(project, name), join(app, name));
  const sparing = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await output('npm', ['ci', '--omit=dev', '--omit=optional', '--ignore-scripts', ...sparing], app);
  for (const name of MANIFESTS) await rm(join(app, name));
  for (const name of ONLY_TYPES) await rm(join(app, 'node_modules', name), { recursive: true });
  await prune(join(app, 'node_modules'));
};

export const laySource = async (project: string, root: string): Promise<void> => {
  const app = join(root, 'app');
  await mkdir(app, { recursive: true });
  await cp(join(project, 'src'), join(app, 'src'), { recursive: true });
  await cp(join(project, 'package.json'), join(app, 'package.json'));
};
