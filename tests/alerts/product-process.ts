import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export const ENTRY = join(import.meta.dirname, '../../src/cli/innkeeper.js');
const FAULTS = join(import.meta.dirname, 'faulty-code.ts');
const READY_MS = 60_000;

export type Settings = Record<string, string>;

/** A process of the product that is started, and started again, with the same settings on the same ports. */
export interface ProductProcess {
  readonly pid: number;
  readonly runs: boolean;
  settings: Settings;
  adminUrl: string;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the one that runs now is gone. */
  readonly exited: Promise<void>;
  /** Starts it again, unless it was stopped; resolves when it is ready. */
  start(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  command: 'serve' | 'worker';
  settings: Settings;
  /** For its working directory and log. */
  folder: string;
  /** What it is run by instead of directly: a program with its arguments. */
  wrapper?: readonly string[];
}

/** Resolves once the process that answers on `adminUrl` is ready. */
export const untilReady = async (adminUrl: string): Promise<void> => {
  for (const until = performance.now() + READY_MS; performance.now() < until; await delay(100)) {
    const ready = await fetch(`${adminUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
  }
  throw new Error(`${adminUrl} is not ready`);
};

/** Starts `innkeeper serve` or `innkeeper worker` with these settings and no others. */
export const startProcess = async ({
  command,
  settings,
  folder,
  wrapper = [],
}: ProcessOptions): Promise<ProductProcess> => {
  const log = createWriteStream(join(folder, `${command}-${settings.ADMIN_PORT}.log`), { flags: 'a' });
  const adminUrl = `http://127.0.0.1:${settings.ADMIN_PORT}`;
  let current: { pid: number; runs: boolean; exited: Promise<void>; kill(signal: NodeJS.Signals): void } | undefined;
  let over = false;
  const start = async () => {
    if (over) return;
    const [program = '', ...args] = [...wrapper, process.execPath, '--import', FAULTS, ENTRY, command];
    const child = spawn(program, args, {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const started = {
      pid: child.pid ?? 0,
      runs: true,
      exited,
      kill: (signal: NodeJS.Signals) => void child.kill(signal),
    };
    void exited.then(() => {
      started.runs = false;
    });
    current = started;
    await Promise.race([
      untilReady(adminUrl),
      exited.then(() => Promise.reject(new Error(`${command} ended before it was ready; see ${String(log.path)}`))),
    ]);
  };
  await start();
  return {
    ...{ settings, adminUrl, start },
    get pid() {
      return current?.pid ?? 0;
    },
    get runs() {
      return current?.runs ?? false;
    },
    get exited() {
      return current?.exited ?? Promise.resolve();
    },
    signal: (signal) => current?.kill(signal),
    async stop() {
      over = true;
      current?.kill('SIGCONT');
      current?.kill('SIGTERM');
      const patience = setTimeout(() => current?.kill('SIGKILL'), 5_000);
      await current?.exited;
      clearTimeout(patience);
      log.end();
    },
  };
};

/** Starts the process again when it has gone, as whatever it runs under does; once. */
export const supervise = ({ exited, start }: ProductProcess): void => {
  void exited.then(start);
};
