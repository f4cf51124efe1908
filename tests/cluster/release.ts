import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { type CommandOptions, run } from './command.ts';

export const CHART = resolve(import.meta.dirname, '../../helm/innkeeper');
export const RELEASE = 'test';
/** What the chart makes of a release's name. */
export const fullnameOf = (release: string): string => `${release}-innkeeper`;
export const FULLNAME = fullnameOf(RELEASE);

/** A change to a file of the chart, to see what comes without a line of it. */
export interface Change {
  file: string;
  from: string;
  to: string;
}

export interface Release {
  /** Installs or upgrades, and waits until all is ready. */
  apply(values: object, changes?: readonly Change[]): Promise<void>;
  /** Installs without waiting for anything to become ready. */
  store(values: object): Promise<void>;
  /** Answers what the tests of the release said. */
  test(): Promise<string>;
  uninstall(): Promise<void>;
}

/** A copy of the chart with the changes in it; throws where one of them finds nothing to change. */
const changedChart = async (folder: string, changes: readonly Change[]): Promise<string> => {
  const chart = join(folder, 'innkeeper');
  await cp(CHART, chart, { recursive: true });
  for (const { file, from, to } of changes) {
    const path = join(chart, file);
    const text = await readFile(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} of the chart has no \`${from}\` to replace.`);
    await writeFile(path, text.replaceAll(from, to));
  }
  return chart;
};

export const openRelease = (namespace: string, signal: AbortSignal, name = RELEASE): Release => {
  const helm = (args: readonly string[], options: CommandOptions = {}) =>
    run('helm', ['--namespace', namespace, ...args], { signal, ...options });
  return {
    async apply(values, changes = []) {
      const folder = await mkdtemp(join(tmpdir(), 'innkeeper-chart-'));
      try {
        const chart = await changedChart(folder, changes);
        const waiting = ['--wait', '--timeout', '4m'];
        await helm(['upgrade', '--install', name, chart, '--values', '-', ...waiting], { input: stringify(values) });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    store: async (values) => void (await helm(['install', name, CHART, '--values', '-'], { input: stringify(values) })),
    test: () => helm(['test', name, '--logs', '--timeout', '2m']),
    uninstall: async () => void (await helm(['uninstall', name, '--wait', '--timeout', '3m'])),
  };
};
