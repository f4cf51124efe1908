import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { locateBinaries } from '../../src/embedded/binaries.ts';
import { serverIdentity } from '../../src/embedded/identity.ts';
import { ENTRY } from './product-process.ts';

/** The commands that runbooks use and PATH may lack, and what these have started. */
export interface Toolbox {
  /** Runs a runbook's commands as an operator would; throws with their output when they fail. */
  run(commands: string, environment: Record<string, string>): Promise<string>;
  /** Ends the processes of the product that they have started. */
  endProcesses(): Promise<void>;
  /** Ends all that they have started. */
  close(): Promise<void>;
}

const MOST_MS = 60_000;

const isOurs = async (pid: number): Promise<boolean> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(ENTRY);

const endAll = async (pidFile: string): Promise<void> => {
  const pids = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const pid of pids) if (await isOurs(pid)) process.kill(pid, signal);
    for (let tries = 0; tries < 30; tries++) {
      if (!(await Promise.all(pids.map(isOurs))).includes(true)) return;
      await delay(100);
    }
  }
};

/** The postmaster that a runbook has started is nobody's child. */
const endServer = async (dataFolder: string): Promise<void> => {
  const [line = ''] = (await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(line);
  if (!(pid > 0)) return;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!command.includes('postgres')) return;
    process.kill(pid, signal);
    for (let tries = 0; tries < 50; tries++) {
      await delay(100);
      if ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) === '') return;
    }
  }
};

/** Makes `innkeeper` and `pg_ctl` in `folder`, for the servers in `serversFolder`. */
export const openToolbox = async (folder: string, serversFolder: string): Promise<Toolbox> => {
  await mkdir(folder);
  const pidFile = join(folder, 'started');
  const identity = await serverIdentity(serversFolder);
  const { postgres } = await locateBinaries(identity);
  const asServer = identity ? `setpriv --reuid=${identity.uid} --regid=${identity.gid} --clear-groups ` : '';
  const commands = {
    innkeeper: `echo $$ >> '${pidFile}'\nexec '${process.execPath}' '${ENTRY}' "$@"`,
    pg_ctl: `cd /\nexec ${asServer}'${join(dirname(postgres), 'pg_ctl')}' -l /dev/null "$@"`,
  };
  for (const [name, text] of Object.entries(commands)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return {
    async run(text, environment) {
      const child = spawn('/bin/sh', ['-c', text], {
        cwd: folder,
        env: { HOME: process.env.HOME, PATH: `${folder}:${process.env.PATH}`, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: MOST_MS,
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString();
        });
      }
      // What it leaves running may keep its output open.
      const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      if (status !== 0) throw new Error(`The runbook's commands ended with ${status}:\n${text}\n${said}`);
      return said;
    },
    endProcesses: () => endAll(pidFile),
    async close() {
      await endAll(pidFile);
      for (const side of ['standby', 'primary']) await endServer(join(serversFolder, side));
    },
  };
};
