import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isServerOf } from './process-check.ts';
import { replaceFile } from './replace-file.ts';
import { shutDown } from './shutdown.ts';

const SETTLE_MS = 500;

/** Stops the server that a killed parent left running on this data folder, if any. Call it under the folder's lock. */
export async function reapOrphan(folder: string, log: (line: string) => void): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  const pid = await readPid(file);
  if (pid === undefined) return;
  if (await isServerOf(pid, folder)) {
    log(`Stopping PostgreSQL (pid ${pid}), left running by a process that was killed.`);
    await shutDown((signal) => kill(pid, signal), gone(pid, folder));
  }
  await neutralise(folder, file);
}

/** A server that starts right now writes its file in a moment; an empty one that stays is from a power failure. */
async function readPid(file: string): Promise<number | undefined> {
  for (const pause of [SETTLE_MS, 0]) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const pid = Math.abs(Number.parseInt(text, 10));
    if (pid > 1) return pid;
    await delay(pause);
  }
  await rm(file, { force: true });
  return undefined;
}

async function gone(pid: number, folder: string): Promise<void> {
  while (await isServerOf(pid, folder)) await delay(20);
}

/**
 * A server that was killed leaves its file. If its pid belongs to another program by now, PostgreSQL would refuse to
 * start; our own pid, its future parent's, it ignores. Our wait for its start must not see the old state either. The
 * rest stays: it protects the data while a backend of the killed server still runs.
 */
async function neutralise(folder: string, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const lines = text.split('\n');
  lines[0] = String(process.pid);
  if (lines[7] !== undefined) lines[7] = 'stale';
  const { uid, gid } = await stat(folder);
  await replaceFile(file, lines.join('\n'), { uid, gid });
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
