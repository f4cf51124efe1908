import { open, rename, rm } from 'node:fs/promises';
import type { Identity } from './identity.ts';

/**
 * Puts a file that only its owner can read in the place of another, in one step. Root may use it in a folder of the
 * servers' account: a link laid there is replaced, never followed.
 */
export async function replaceFile(file: string, text: string, owner?: Identity): Promise<void> {
  const fresh = `${file}.fresh`;
  await rm(fresh, { force: true });
  const handle = await open(fresh, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    if (owner) await handle.chown(owner.uid, owner.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}
