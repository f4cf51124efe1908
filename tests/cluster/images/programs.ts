import { chmod, copyFile, mkdir, realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { output } from '../../../image/command.ts';

/** `libm.so.6 => /lib/libm.so.6 (0x7f...)`, and the loader, which stands there by its path alone. */
const LIBRARY = /^\s*(?:\S+ => )?(\/\S+) \(0x/gm;

const onPath = async (name: string): Promise<string> => {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const found = await realpath(join(folder, name)).catch(() => null);
    if (found) return found;
  }
  throw new Error(`${name} is not on PATH.`);
};

const put = async (root: string, place: string, file: string): Promise<void> => {
  const target = join(root, place);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(file, target);
};

/** Puts the libraries that a program needs into the root folder, but those of its own folder; static programs need none. */
export const putLibraries = async (root: string, file: string, own = dirname(file)): Promise<void> => {
  const listed = await output('ldd', [file]).catch(() => '');
  for (const [, library] of listed.matchAll(LIBRARY))
    if (library && !join(library).startsWith(join(own, '/'))) await put(root, library, library);
};

/** Puts a program into the root folder, with the libraries that it needs of this machine. */
export const putProgram = async (root: string, file: string, place = `/usr/bin/${basename(file)}`): Promise<void> => {
  await put(root, place, file);
  await chmod(join(root, place), 0o755);
  await putLibraries(root, file);
};

/** The same for programs of this machine, by name. */
export const putPrograms = async (root: string, names: readonly string[]): Promise<void> => {
  for (const name of names) await putProgram(root, await onPath(name), `/usr/bin/${name}`);
};
