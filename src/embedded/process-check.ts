import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** True when this process is a PostgreSQL server that runs on this data folder, and not a stranger with a reused pid. */
export async function isServerOf(pid: number, folder: string): Promise<boolean> {
  try {
    if (process.platform === 'linux') return await isServerByProc(pid, folder);
    if (process.platform === 'win32') {
      const { stdout } = await execute('tasklist', ['/FI', `PID eq ${pid}`, '/NH']);
      return stdout.includes('postgres.exe');
    }
    const { stdout } = await execute('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return stdout.includes('postgres') && stdout.trimEnd().endsWith(folder);
  } catch {
    return false;
  }
}

/** A server's working directory is its data folder. */
async function isServerByProc(pid: number, folder: string): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8');
  const [directory, wanted] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(folder)]);
  return name.trim() === 'postgres' && directory.dev === wanted.dev && directory.ino === wanted.ino;
}
