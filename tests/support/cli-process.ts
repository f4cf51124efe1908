import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import type {} from './global-setup.ts';

export const ENTRY = join(import.meta.dirname, '../../src/cli/innkeeper.js');

export type Environment = Record<string, string>;

export interface CliProcess {
  child: ChildProcess;
  /** What it has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves to the first match in either output; throws with both when the process ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** Resolves to the exit status once the process is gone. */
  exited: Promise<number | null>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** The settings of a server on a test's database. */
export const databaseSettings = (database: { primaryUrl: string; replicaUrls: string[] }): Environment => ({
  DATABASE_URL: database.primaryUrl,
  DATABASE_REPLICA_URLS: database.replicaUrls.join(','),
  DATA_KEY: 'data-key-of-the-tests-0123456789abcdef',
  AUTH_SECRET: 'auth-secret-of-the-tests-0123456789abc',
});

/** A new folder for embedded data, removed after the test. */
export const newDataDir = async (): Promise<string> => {
  const folder = await mkdtemp(join(inject('runFolder'), 'cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** Runs a program with these settings and no others; it is killed after the test at the latest. */
export const startProgram = (program: string, args: string[], environment: Environment = {}): CliProcess => {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(program, args, {
    cwd: inject('runFolder'),
    env: { PATH, HOME, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      output[name] += chunk.toString('utf8');
      for (const listener of listeners) listener();
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    child,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
          if (!match) return;
          listeners.delete(look);
          resolve(match[1] ?? match[0]);
        };
        listeners.add(look);
        look();
        void exited.then((code) => reject(new Error(`It ended with ${code}.\n${output.stdout}\n${output.stderr}`)));
      }),
    exited,
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
};

export const startCli = (args: string[], environment: Environment = {}): CliProcess =>
  startProgram(process.execPath, [ENTRY, ...args], environment);

/** Runs a command to its end. */
export const runCli = async (args: string[], environment: Environment = {}) => {
  const cli = startCli(args, environment);
  const status = await cli.exited;
  return { status, stdout: cli.stdout, stderr: cli.stderr };
};

/** The address of a server that serves. */
export const readyUrl = (cli: CliProcess): Promise<string> => cli.printed(/"url":"([^"]+)","msg":"ready"/);
