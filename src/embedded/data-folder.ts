import { chmod, chown, mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Identity } from './identity.ts';

/** Makes the data folder, private to its owner, and returns its real path. A folder with foreign files stays as it is. */
export async function openDataFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const folder = await realpath(dataDir);
    const { uid } = await stat(folder);
    if (uid !== (process.getuid?.() ?? uid)) throw new Error(`it belongs to the user with the id ${uid}`);
    const entries = await readdir(folder);
    if (entries.length === 0 || entries.includes('embedded.lock')) await chmod(folder, 0o700);
    return folder;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The data folder ${dataDir} cannot be used: ${reason}. Start as its owner, or choose another (--data-dir).`,
      { cause },
    );
  }
}

/** A new private folder beside the final one; it gets its name only once it is complete. */
export async function newFolder(folder: string, name: string, identity: Identity | undefined): Promise<string> {
  const fresh = await mkdtemp(join(folder, `${name}.new-`));
  if (identity) await chown(fresh, identity.uid, identity.gid);
  return fresh;
}

/** Removes what an interrupted start left half made. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (entry.includes('.new-')) await removeFolder(join(folder, entry));
  }
}

export const removeFolder = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });

export const folderExists = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
