import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../prometheus');

const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(root, folder, name));

/** Runs promtool; leaves with its status if that is not 0. */
const promtool = (...args: string[]): void => {
  const { error, status } = spawnSync('promtool', args, { stdio: 'inherit' });
  if (error) {
    process.stderr.write(
      `promtool can't be run (${error.message}).\n` +
        'It comes with Prometheus 3: take the archive for your system from https://prometheus.io/download/ and put its folder on PATH.\n',
    );
    process.exit(2);
  }
  if (status !== 0) process.exit(status ?? 1);
};

promtool('check', 'rules', '--lint=all', '--lint-fatal', ...filesOf('rules'));
promtool('test', 'rules', ...filesOf('tests'));
