import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Identity } from './identity.ts';
import { dataFolderArgument, SERVER_ENVIRONMENT } from './run.ts';
import { shutDown } from './shutdown.ts';
import { watchParent } from './watchdog.ts';

export interface Server {
  readonly running: boolean;
  /** Fast shutdown: open transactions are rolled back, the data is left clean. Again is a no-op. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  postgres: string;
  /** The data folder of this server. */
  folder: string;
  logFile: string;
  identity: Identity | undefined;
  /** Called when the server ends without having been asked to. */
  onCrash: () => void;
}

/** Starts a server and resolves once it accepts connections; throws with the end of its log when it does not. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const child = spawnServer(options);
  let spawnError: Error | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.on('error', (error) => {
      spawnError = error;
      if (child.pid === undefined) resolve();
    });
  });
  const ended = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const forget = child.pid === undefined ? () => {} : watchParent(child.pid, options.identity);
  let stopping: Promise<void> | undefined;
  let ready = false;
  exited.then(() => {
    forget();
    if (ready && !stopping) options.onCrash();
  });
  while (!(await isReady(options.folder, child.pid))) {
    if (ended()) throw new Error(`PostgreSQL did not start. ${await logTail(options.logFile)}`, { cause: spawnError });
    await delay(10);
  }
  ready = true;
  child.unref();
  return {
    get running() {
      return !ended();
    },
    stop() {
      child.ref();
      stopping ??= ended() ? exited : shutDown((signal) => child.kill(signal), exited);
      return stopping;
    },
  };
}

/** In a session of its own, so that Ctrl-C in the terminal reaches the application only, which then stops it. */
function spawnServer(options: ServerOptions): ChildProcess {
  const output = openSync(options.logFile, 'a', 0o600);
  try {
    return spawn(options.postgres, ['-D', dataFolderArgument(options.folder, options.identity)], {
      cwd: options.folder,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output],
      ...options.identity,
      ...SERVER_ENVIRONMENT,
    });
  } finally {
    closeSync(output);
  }
}

/** A server states in the eighth line of postmaster.pid whether it accepts connections. */
async function isReady(folder: string, pid: number | undefined): Promise<boolean> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return pid !== undefined && lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

async function logTail(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return `The end of ${logFile}:\n${text.slice(-1500)}`;
}
