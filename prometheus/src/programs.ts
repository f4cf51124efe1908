import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const SOURCES = {
  prometheus: 'Prometheus 3: take the archive for your system from https://prometheus.io/download/',
  promtool: 'It comes with Prometheus 3: take the archive for your system from https://prometheus.io/download/',
  alertmanager: 'Alertmanager 0.34 or later: take the archive for your system from https://prometheus.io/download/',
  otelcol:
    'The OpenTelemetry collector: take it from https://github.com/open-telemetry/opentelemetry-collector-releases',
  'redis-server': 'Redis 7 or later: `apt install redis-server`',
  'redis-cli': 'It comes with Redis: `apt install redis-tools`',
  psql: 'The client of PostgreSQL: `apt install postgresql-client`',
} as const;

export type ProgramName = keyof typeof SOURCES;

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Whether PATH leads to it. */
export const isOnPath = (name: ProgramName, path = process.env.PATH ?? ''): boolean =>
  path.split(delimiter).some((folder) => folder !== '' && isProgram(join(folder, name)));

/** For each program that PATH does not lead to, a line that says how to get it. */
export const missingPrograms = (names: readonly ProgramName[], path = process.env.PATH ?? ''): string[] =>
  names
    .filter((name) => !isOnPath(name, path))
    .map((name) => `${name} is not on PATH. ${SOURCES[name]} and put its folder on PATH.`);

export interface Running {
  child: ChildProcess;
  /** The end of what it has written. */
  readonly said: string;
  /** Resolves when it is gone. */
  exited: Promise<void>;
  /** Ends it, by SIGKILL if it has not gone after two seconds. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 2_000;
const KEPT_CHARACTERS = 20_000;

/** Starts a program; `detached` keeps Ctrl-C in the terminal from it, so that only who started it ends it. */
export const startProgram = (
  program: string,
  args: readonly string[],
  options: { detached?: boolean } = {},
): Running => {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-KEPT_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = once(child, 'close').then(
    () => {},
    (error: unknown) => keep(Buffer.from(String(error))),
  );
  return {
    child,
    get said() {
      return said;
    },
    exited,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await exited;
      clearTimeout(patience);
    },
  };
};
