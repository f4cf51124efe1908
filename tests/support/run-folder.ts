import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = /^innkeeper-test-(\d+)-/;

/** A folder for all files of this run, named after its process; every user may pass through it. */
export async function createRunFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `innkeeper-test-${process.pid}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** Removes the folders of runs that were killed before they could do so. */
export async function removeAbandonedRunFolders(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const pid = Number(NAME.exec(entry)?.[1] ?? process.pid);
    if (!isAlive(pid)) await rm(join(tmpdir(), entry), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
