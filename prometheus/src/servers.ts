import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Running, startProgram } from './programs.ts';

const PROMETHEUS_FILE = 'prometheus.yaml';
const READY_MS = 30_000;
const LOOK_MS = 50;

/** Resolves once the address answers with 200; throws with what the program said when it ends or takes too long. */
export const untilReady = async (url: string, program: Running): Promise<void> => {
  const until = performance.now() + READY_MS;
  let gone = false;
  void program.exited.then(() => {
    gone = true;
  });
  for (;;) {
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    if (gone || performance.now() > until) throw new Error(`${url} does not answer.\n${program.said}`);
    await delay(LOOK_MS);
  }
};

export interface Server extends Running {
  url: string;
}

interface Options {
  /** For its configuration and data; has to be there. */
  folder: string;
  /** host:port to listen on. */
  address: string;
  /** The text of its configuration file. */
  settings: string;
  /** Ctrl-C in the terminal does not reach it. */
  detached?: boolean;
}

const open = async (program: string, args: string[], { address, detached = false }: Options): Promise<Server> => {
  const running = startProgram(program, args, { detached });
  const url = `http://${address}`;
  try {
    await untilReady(`${url}/-/ready`, running);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return {
    ...{ child: running.child, exited: running.exited, stop: running.stop, url },
    get said() {
      return running.said;
    },
  };
};

/** Gives a Prometheus that was started with --web.enable-lifecycle other settings. */
export const reloadPrometheus = async ({ url }: Server, folder: string, settings: string): Promise<void> => {
  await writeFile(join(folder, PROMETHEUS_FILE), settings);
  const response = await fetch(`${url}/-/reload`, { method: 'POST' });
  if (!response.ok) throw new Error(`Prometheus does not take its settings: ${await response.text()}`);
};

/** Prometheus from PATH, once it is ready. */
export const startPrometheus = async (options: Options, more: readonly string[] = []): Promise<Server> => {
  const { folder, address, settings } = options;
  const file = join(folder, PROMETHEUS_FILE);
  await writeFile(file, settings);
  const args = [
    ...[`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'prometheus')}`],
    ...[`--web.listen-address=${address}`, '--enable-feature=exemplar-storage', ...more],
  ];
  return open('prometheus', args, options);
};

/** Alertmanager from PATH, once it is ready; it looks for no others. */
export const startAlertmanager = async (options: Options): Promise<Server> => {
  const { folder, address, settings } = options;
  const file = join(folder, 'alertmanager.yaml');
  await writeFile(file, settings);
  const args = [
    ...[`--config.file=${file}`, `--storage.path=${join(folder, 'alertmanager')}`],
    ...[`--web.listen-address=${address}`, '--cluster.listen-address='],
  ];
  return open('alertmanager', args, options);
};
