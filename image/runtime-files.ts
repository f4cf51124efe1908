import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { output } from './command.ts';

export const USER_ID = 65532;
export const NODE = '/usr/local/bin/node';

const ETC = {
  passwd: `nonroot:x:${USER_ID}:${USER_ID}::/home/nonroot:/sbin/nologin\n`,
  group: `nonroot:x:${USER_ID}:\n`,
  'nsswitch.conf': 'hosts: files dns\npasswd: files\ngroup: files\n',
};

/** `libm.so.6 => /lib/libm.so.6 (0x7f...)`, and the loader, which stands there by its path alone. */
const LIBRARY = /^\s*(?:\S+ => )?(\/\S+) \(0x/gm;

const put = async (root: string, place: string, file: string): Promise<void> => {
  const target = join(root, place);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(file, target);
};

/** Node without its symbols, where `strip` is at hand: a fifth less. */
const strip = async (file: string): Promise<void> => {
  await output('strip', [file]).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
};

/**
 * Node, the libraries that it needs, and the user that it runs as. No certificates and no time zones: Node has its own.
 */
export const layRuntime = async (root: string, node: string): Promise<void> => {
  await put(root, NODE, node);
  await strip(join(root, NODE));
  const libraries = [...(await output('ldd', [node])).matchAll(LIBRARY)].flatMap(([, path]) => path ?? []);
  for (const library of libraries) await put(root, library, library);
  await mkdir(join(root, 'etc'));
  await mkdir(join(root, 'home/nonroot'), { recursive: true });
  for (const [name, text] of Object.entries(ETC)) await writeFile(join(root, 'etc', name), text);
};
