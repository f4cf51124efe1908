import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './replace-file.ts';

/** The JSON kept under a name in a data folder; undefined when there is none. Throws when it can't be understood. */
export async function readPrivateFile(folder: string, name: string): Promise<unknown> {
  const file = join(folder, name);
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read. Mend it, or take it away if you can do without it.`, { cause });
  }
}

/** Keeps JSON under a name in a data folder, in one step; only the folder's owner can read it. */
export async function writePrivateFile(folder: string, name: string, content: unknown): Promise<void> {
  await replaceFile(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
}
