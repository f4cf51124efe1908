import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { locateBinaries } from '../../src/embedded/binaries.ts';

/** What a measurement was made on. */
export interface Environment {
  /** ISO date. */
  date: string;
  node: string;
  postgresql: string;
  redis: string;
  kernel: string;
  processors: string;
  memory: string;
  /** Processes that wanted a processor before it began, on average over a minute: other work distorts what is measured. */
  loadBefore: number;
}

const versionIn = (program: string, args: string[]): string => {
  try {
    return /\d+(\.\d+)+/.exec(execFileSync(program, args, { encoding: 'utf8' }))?.[0] ?? 'unknown';
  } catch {
    return 'none';
  }
};

export const describeEnvironment = async (): Promise<Environment> => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  postgresql: versionIn((await locateBinaries(undefined)).postgres, ['--version']),
  redis: versionIn('redis-server', ['--version']),
  kernel: release(),
  processors: `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
  loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
});
