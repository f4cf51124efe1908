import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'innkeeper', 'schemas');

/** A folder of the user's cache with what `fill` writes; `of` says what that is, so that it is made once, and anew when it changes. */
export const cachedFolder = async (
  name: string,
  of: unknown,
  fill: (folder: string) => Promise<void>,
): Promise<string> => {
  const hash = createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 12);
  const folder = join(cache, `${name}-${hash}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(`${folder}.`);
  try {
    await fill(made);
    // Another run may have been faster.
    if (!existsSync(folder)) await rename(made, folder);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  return folder;
};
